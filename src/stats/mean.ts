/** Mean and spread of a small sample, and Student's interval for the mean. */

import { studentQuantile } from './distributions.ts'

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** Standard deviation with n - 1 in the denominator; NaN below two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2
  return values.length < 2 ? Number.NaN : Math.sqrt(sum / (values.length - 1))
}

/** Standard error of the mean; NaN below two values. */
export const standardError = (values: ArrayLike<number>): number => standardDeviation(values) / Math.sqrt(values.length)

interface MeanInterval {
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * Mean with Student's t interval. Assumes independent values of about normal spread: fold means, seed means.
 * The interval is [-Infinity, Infinity] below two values: one value says nothing about its own spread.
 */
export function meanInterval(values: ArrayLike<number>, level = 0.95): MeanInterval {
  const value = mean(values)
  if (values.length < 2) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const half = studentQuantile((1 + level) / 2, values.length - 1) * standardError(values)
  return { value, low: value - half, high: value + half }
}
