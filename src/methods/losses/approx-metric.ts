/** The engine's kernels for metrics with sigmoid ranks (approx-metric.as.ts). */

import type { KernelVariant } from '../../core/kernel-variant.ts'
import { lossVariant } from '../kit/kernel-variants.ts'
import { algorithmChoice, algorithms } from '../sigmoid/host.ts'

export const approxMetricKernels = (metric: 'ndcg' | 'mrr'): readonly KernelVariant[] => [
  lossVariant({
    forward: 'approxMetric',
    set: {
      metric,
      algorithm: algorithmChoice,
      strength: { param: 'alpha', inverse: true },
      discounts: { table: 'discounts' },
      series: { table: 'fast-sum' },
    },
    algorithms,
    power: 2,
  }),
]
