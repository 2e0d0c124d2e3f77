/** Guards against measuring nothing: what a reader must know before trusting a time. */

import type { Warning } from '../core/result.ts'
import { drift } from '../stats/drift.ts'
import { median } from '../stats/quantile.ts'

/** Below this many empty calls the subject is less than 30 % of what was timed: a change of it hardly shows. */
const emptyFactor = 1.42
/** Half of all visits drift by less than 2 % and one in seven by more than this; so large it moves the ratio of two systems as much as a real difference would. */
const driftLimit = 0.1

export function guardSamples(metric: string, samples: readonly number[], emptyNs: number): Warning[] {
  const warnings: Warning[] = []
  const typical = median(samples)
  if (typical < emptyFactor * emptyNs) {
    warnings.push({
      code: 'near-empty',
      message: `${metric}: ${typical.toPrecision(3)} ns a call is not clearly above an empty call (${emptyNs.toPrecision(3)} ns)`,
    })
  }
  const change = drift(samples)
  if (Math.abs(change) > driftLimit) {
    const percent = `${change > 0 ? '+' : ''}${(100 * change).toFixed(0)} %`
    warnings.push({ code: 'drift', message: `${metric}: ${percent} from the first third of its samples to the last` })
  }
  return warnings
}
