/** Losses over a relaxed permutation of the user's choice: the selector, and P of one list as a plan of its own. */

import type { Plan } from '../../core/method.ts'
import type { ParamSpec } from '../../core/params.ts'
import { type Ref, resolveOne } from '../../core/selector.ts'
import { regularShape } from '../../core/shape.ts'
import { operatorsOf } from '../value-methods.ts'

export const matrixSelector = (meaning: string): ParamSpec => ({
  kind: 'text',
  default: 'softsort',
  examples: ['softsort', 'neuralsort[tau=2]', 'lapsum', 'network[steepness=2]'],
  meaning,
})

/**
 * The matrix operator that a selector names, with or without its prefix; rows from the largest value to the smallest.
 * @throws RankBenchError(usage) unless it names exactly one
 */
export function resolveMatrix(selector: string): Ref {
  const spaces = new Map([...operatorsOf('matrix')].map(([name, { params }]) => [name, params]))
  const ref = resolveOne(selector, spaces, 'method')
  return { ...ref, params: { ...ref.params, direction: 'descending' } }
}

/** P of one list of n items. */
export const planMatrix = (ref: Ref, n: number): Plan =>
  operatorsOf('matrix').get(ref.name)!.plan(regularShape(1, n), ref.params, 'f64')
