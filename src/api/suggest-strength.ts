/** A softness for data that is there: from the safe ranges of the stability map. */

import { usageError, valueError } from '../core/errors.ts'
import { formatRef } from '../core/selector.ts'
import { flatten, type Values } from '../methods/kit/nesting.ts'
import { resolveOperator } from './plan.ts'
import { extentOf, safeSoftness } from './warnings.ts'

export interface SuggestedStrength {
  /** Name of the parameter: strength, tau, steepness, ... */
  readonly param: string
  readonly value: number
  /** The operator with it, ready for `apply` and `plan`. */
  readonly selector: string
  /** Standard deviation of the values within their rows. */
  readonly spread: number
}

/**
 * The softness in the middle of the range in which gradients reach most items and the answer still tells the order, for
 * values as spread as these, in rows as long. Ranges were measured on rows of 10 and 100 standard normal values; between
 * and beyond these lengths they follow a power of the length.
 *
 * @example
 * ```ts
 * const { param, value, spread } = suggestStrength('rank:sigmoid', [5, 1, 2, 4, 3])
 * param // 'strength'
 * spread // Math.sqrt(2)
 * // Wider values want more.
 * suggestStrength('rank:sigmoid', [50, 10, 20, 40, 30]).value / value // 10
 * ```
 *
 * @throws RankBenchError(usage) when no safe softness is known for the operator, RankBenchError(value) when the values
 * of every row are equal
 */
export function suggestStrength(selector: string, values: Values): SuggestedStrength {
  const { ref, operator } = resolveOperator(selector)
  const { numbers, shape } = flatten(values, 'values', 'f64')
  const extent = extentOf(numbers, shape)
  if (!(extent.size > 0)) throw valueError('values: all values of a row are equal; expected some that differ')
  const found = safeSoftness(ref, operator, extent)
  if (!found) throw usageError(`no safe softness is known for ${ref.name}`, 'docs/parameters.md lists those that are')
  const params = { ...ref.params, [found.param]: found.value }
  return { ...found, selector: formatRef({ name: ref.name, params }), spread: extent.size }
}
