/** Numbers without a unit, as observations. */

import type { Observation } from '../core/result.ts'
import { mean } from '../stats/mean.ts'

/** A fact of a training. It is its own only sample, so that it is kept where samples are. */
export const fact = (metric: string, value: number): Observation => ({
  metric,
  unit: '1',
  better: 'neither',
  value,
  samples: [value],
})

/** Samples and their mean. */
export const sampled = (
  metric: string,
  samples: readonly number[],
  better: Observation['better'] = 'neither',
): Observation => ({ metric, unit: '1', better, value: mean(samples), samples })
