/** Metrics of other libraries, computed live on the same ranking. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { RankBenchError } from '../core/errors.ts'

/** One list; scores must be 32-bit numbers, because some libraries keep no more. */
export interface PeerList {
  readonly labels: readonly number[]
  readonly scores: readonly number[]
  readonly documents: readonly string[]
}

const answer = z.array(
  z.union([
    z.strictObject({ library: z.string(), missing: z.string() }),
    z.strictObject({
      library: z.string(),
      version: z.string(),
      metric: z.string(),
      of: z.string(),
      queries: z.array(z.number().nullable()),
    }),
    z.strictObject({ library: z.string(), version: z.string(), metric: z.string(), of: z.string(), mean: z.number() }),
  ]),
)

/** A metric of a library: a value a list, or their mean; or why the library cannot answer. */
export type PeerMetricValue = z.infer<typeof answer>[number]

const script = fileURLToPath(new URL('./metrics.py', import.meta.url))
const mostBytes = 2 ** 30

/** @throws RankBenchError(peer) when the interpreter does not run, or its answer is not one */
export function peerMetrics(python: string, lists: readonly PeerList[], cutoffs: readonly number[]): PeerMetricValue[] {
  const { status, stdout, stderr, error } = spawnSync(python, [script], {
    input: JSON.stringify({ lists, cutoffs }),
    encoding: 'utf8',
    maxBuffer: mostBytes,
  })
  if (error || status !== 0) {
    const reason = error?.message ?? stderr.trim().split('\n').at(-1)
    throw new RankBenchError('peer', `${python} did not compute the metrics: ${reason}`, {
      hint: 'name an interpreter that has pytrec_eval, scikit-learn, lightgbm or xgboost: --peers <interpreter>',
    })
  }
  return answer.parse(JSON.parse(stdout))
}
