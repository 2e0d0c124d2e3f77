/**
 * Outliers among the observed numbers, as robust regression is tested: a share of the rows, drawn at random, is moved by normal
 * noise with several standard deviations of all targets.
 */

import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'

export const outlierParams = {
  outliers: {
    kind: 'number',
    min: 0,
    max: 0.9,
    default: 0,
    meaning: 'share of the observed numbers that are outliers',
  },
  size: {
    kind: 'number',
    min: 0,
    default: 5,
    meaning: 'standard deviation of what is added to an outlier, in standard deviations of the targets',
  },
  seed: { kind: 'number', integer: true, min: 0, default: 1, meaning: 'which rows, and by how much' },
} as const

function deviation(numbers: Float64Array): number {
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  return Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length)
}

/** The targets with outliers. Larger shares hold the outliers of smaller ones. */
export function withOutliers(targets: Float64Array, { outliers, size, seed }: Params, name: string): Float64Array {
  const random = randomStream(Number(seed), `outliers/${name}`)
  const rows = random.shuffle(Array.from(targets, (_, i) => i))
  const unit = Number(size) * deviation(targets)
  const observed = targets.slice()
  for (const row of rows.slice(0, Math.round(Number(outliers) * rows.length))) observed[row] += unit * random.normal()
  return observed
}
