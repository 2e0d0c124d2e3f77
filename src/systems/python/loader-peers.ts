/** How long other libraries take to read a ranking file. */

import { type LoaderTimes, loaderAnswer } from './answers.ts'
import { runScript } from './run-script.ts'

/**
 * @param file lines of `label qid:q f:v`
 * @param plain the same lines without `qid:q`, which LightGBM does not read
 * @throws RankBenchError(peer) when the interpreter does not run, or its answer is not one
 */
export const peerLoaders = (python: string, file: string, plain: string, rounds: number): readonly LoaderTimes[] =>
  runScript(python, 'loaders.py', { file, plain, rounds }, loaderAnswer, 'scikit-learn or lightgbm')
