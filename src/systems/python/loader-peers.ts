/** How long other libraries take to read a ranking file. */

import { type LoaderTimes, loaderAnswer } from './answers.ts'
import { requireAnswer, runScript } from './run-script.ts'

/**
 * @param file lines of `label qid:q f:v`
 * @param plain the same lines without `qid:q`, which LightGBM does not read
 * @throws RankBenchError(peer) when the interpreter does not run, or its answer is not one
 */
export async function peerLoaders(
  python: string,
  file: string,
  plain: string,
  rounds: number,
): Promise<readonly LoaderTimes[]> {
  const outcome = await runScript(python, 'loaders.py', { file, plain, rounds }, loaderAnswer)
  return requireAnswer(outcome, python, 'scikit-learn or lightgbm')
}
