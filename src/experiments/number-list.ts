/** Lists of numbers in the parameters of experiments, `0.001x0.01x0.1`. */

import { decimal } from '../core/decimal.ts'
import { usageError } from '../core/errors.ts'

/** Of numbers in a list. */
export const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0

/**
 * `64x32` -> [64, 32].
 * @param name of the parameter, as `letor: hidden`
 * @throws RankBenchError(usage) for what is no list of such numbers
 */
export function numberList(name: string, text: string, valid: (value: number) => boolean, expected: string): number[] {
  const values = text.split('x').map((part) => decimal(part) ?? Number.NaN)
  if (values.every(valid)) return values
  throw usageError(`${name} is "${text}"; expected ${expected}, separated by x`)
}
