/** The three timings of an operator, and what is compared before a peer is timed. */

import type { Measures } from '../core/measure.ts'

export const timeMetrics = {
  forward: 'time.forward',
  backward: 'time.backward',
  both: 'time.forward+backward',
  /** Of a peer: its first call, with all that it compiles. */
  first: 'time.first',
} as const

const time = (meaning: string) => ({ unit: 'ns', better: 'lower', value: 'median', meaning }) as const

export const timeMeasures: Measures = {
  [timeMetrics.forward]: time('a forward pass on fresh values'),
  [timeMetrics.backward]: time('a backward pass after the same forward pass'),
  [timeMetrics.both]: time('a forward pass on fresh values and its backward pass'),
  [timeMetrics.first]: time("a peer's first forward and backward pass of this shape, with whatever it compiles"),
}

export const memoryMetric = 'memory.peak'

export const memoryMeasures: Measures = {
  [memoryMetric]: {
    unit: 'bytes',
    better: 'lower',
    meaning: 'the most memory of the computing process that was resident while it was timed, its runtime included',
  },
}

export const agreementMetrics = { values: 'agreement.values', gradients: 'agreement.gradients' } as const

const apart = (what: string) =>
  ({
    unit: '1',
    better: 'lower',
    meaning: `largest difference of ${what} from ours, relative to the largest entry`,
  }) as const

export const agreementMeasures: Measures = {
  [agreementMetrics.values]: apart('values'),
  [agreementMetrics.gradients]: apart('gradients'),
}
