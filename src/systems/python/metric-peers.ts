/** Metrics of other libraries, computed live on the same ranking. */

import { metricAnswer, type PeerMetricValue } from './answers.ts'
import { runScript, type ScriptOutcome, scriptLimits } from './run-script.ts'

export type { PeerMetricValue } from './answers.ts'

/** One list; scores must be 32-bit numbers, because some libraries keep no more. */
export interface PeerList {
  readonly labels: readonly number[]
  readonly scores: readonly number[]
  readonly documents: readonly string[]
}

/** What the libraries of an interpreter answer, or why it gave no answer. */
export const peerMetrics = (
  python: string,
  lists: readonly PeerList[],
  cutoffs: readonly number[],
  timeoutMs: number,
): Promise<ScriptOutcome<readonly PeerMetricValue[]>> =>
  runScript(python, 'metrics.py', { lists, cutoffs }, metricAnswer, { ...scriptLimits, timeoutMs })
