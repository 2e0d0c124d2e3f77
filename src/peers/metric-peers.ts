/** Metrics of other libraries, computed live on the same ranking. */

import { z } from 'zod'
import { runScript } from './run-script.ts'

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

/** @throws RankBenchError(peer) when the interpreter does not run, or its answer is not one */
export const peerMetrics = (
  python: string,
  lists: readonly PeerList[],
  cutoffs: readonly number[],
): readonly PeerMetricValue[] =>
  runScript(python, 'metrics.py', { lists, cutoffs }, answer, 'pytrec_eval, scikit-learn, lightgbm or xgboost')
