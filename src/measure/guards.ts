/** Guards against measuring nothing: what a reader must know before trusting a time. */

import type { Warning } from '../core/result.ts'
import { drift } from '../stats/drift.ts'
import { median } from '../stats/quantile.ts'

/** A subject closer to an empty call than this factor measures the harness. */
const emptyFactor = 1.42
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
