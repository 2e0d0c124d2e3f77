/** Drift in samples taken one after another: a benchmark that is still warming up, or a machine that is slowing down. */

import { mean } from './mean.ts'
import { median } from './quantile.ts'

/** Median of the last third over the median of the first third, minus 1; 0 below six samples. */
export function drift(samples: readonly number[]): number {
  const third = Math.floor(samples.length / 3)
  if (third < 2) return 0
  return median(samples.slice(-third)) / median(samples.slice(0, third)) - 1
}

/** Lag-1 autocorrelation; 0 where nothing varies. */
export function autocorrelation(samples: readonly number[]): number {
  const centre = mean(samples)
  let [shared, total] = [0, 0]
  samples.forEach((value, i) => {
    total += (value - centre) ** 2
    if (i > 0) shared += (value - centre) * (samples[i - 1] - centre)
  })
  return total === 0 ? 0 : shared / total
}
