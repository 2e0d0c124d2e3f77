/** Metrics of other libraries, computed live on the same ranking. */

import { metricAnswer, type PeerMetricValue } from './answers.ts'
import { runScript } from './run-script.ts'

export type { PeerMetricValue } from './answers.ts'

/** One list; scores must be 32-bit numbers, because some libraries keep no more. */
export interface PeerList {
  readonly labels: readonly number[]
  readonly scores: readonly number[]
  readonly documents: readonly string[]
}

/** @throws RankBenchError(peer) when the interpreter does not run, or its answer is not one */
export const peerMetrics = (
  python: string,
  lists: readonly PeerList[],
  cutoffs: readonly number[],
): readonly PeerMetricValue[] =>
  runScript(python, 'metrics.py', { lists, cutoffs }, metricAnswer, 'pytrec_eval, scikit-learn, lightgbm or xgboost')
