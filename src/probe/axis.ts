/** An axis of a map, stored with the map: a reader of the journal needs nothing else. */

import type { Measure } from '../core/measure.ts'
import type { Observation } from '../core/result.ts'

export const axis = (name: string, values: readonly number[]): Observation => ({
  metric: `axis.${name}`,
  unit: '1',
  better: 'neither',
  value: values.length,
  samples: values,
})

export const axisMeasure = (meaning: string): Measure => ({
  unit: '1',
  better: 'neither',
  value: 'count',
  meaning: `axis of the map: ${meaning}`,
})
