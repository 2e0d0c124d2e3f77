/** How long other libraries take to read a ranking file. */

import { z } from 'zod'
import { runScript } from './run-script.ts'

const answer = z.array(
  z.union([
    z.strictObject({ library: z.string(), missing: z.string() }),
    z.strictObject({
      library: z.string(),
      version: z.string(),
      call: z.string(),
      seconds: z.array(z.number()),
    }),
  ]),
)

export type LoaderTimes = z.infer<typeof answer>[number]

/**
 * @param file lines of `label qid:q f:v`
 * @param plain the same lines without `qid:q`, which LightGBM does not read
 * @throws RankBenchError(peer) when the interpreter does not run, or its answer is not one
 */
export const peerLoaders = (python: string, file: string, plain: string, rounds: number): readonly LoaderTimes[] =>
  runScript(python, 'loaders.py', { file, plain, rounds }, answer, 'scikit-learn or lightgbm')
