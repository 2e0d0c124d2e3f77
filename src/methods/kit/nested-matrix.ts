/** Losses over a relaxed permutation of the user's choice: the selector, and P of one list as a plan of its own. */

import { usageError } from '../../core/errors.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { ParamSpec } from '../../core/params.ts'
import { parseSelector, type Ref, resolveOne } from '../../core/selector.ts'
import { type FloatArray, regularShape, rowCount } from '../../core/shape.ts'
import { operatorsOf } from '../value-methods.ts'
import { type DescribeKernels, withLossKernels } from './fast-plan.ts'
import { batchLossOperator, type LossDeclaration, type LossKernel, nestedPlan, part } from './loss-plan.ts'
import { declaredOver } from './nested-operator.ts'

export const matrixSelector = (meaning: string): ParamSpec => ({
  kind: 'text',
  default: 'softsort',
  examples: ['softsort', 'softsort[straight-through=true]', 'neuralsort[tau=2]', 'lapsum', 'network[steepness=2]'],
  meaning,
})

/**
 * The matrix operator that a selector names, with or without its prefix; rows from the largest value to the smallest.
 * @throws RankBenchError(usage) unless it names exactly one, with its rows that way round
 */
export function resolveMatrix(selector: string): Ref {
  const spaces = new Map([...operatorsOf('matrix')].map(([name, { params }]) => [name, params]))
  const ref = resolveOne(selector, spaces, 'method')
  const asked = parseSelector(selector).grid.direction?.[0] ?? 'descending'
  if (asked === 'descending') return { ...ref, params: { ...ref.params, direction: 'descending' } }
  throw usageError(
    `"${selector}" has its rows from the smallest value up; losses pair the first row with the best item`,
    'leave direction out',
  )
}

/** P of one list of n items. */
export const planMatrix = (ref: Ref, n: number): Plan =>
  operatorsOf('matrix').get(ref.name)!.plan(regularShape(1, n), ref.params, 'f64')

/** One list, and P of its scores: row-major, the gradient in it to be written, which is 0 before. */
export interface PermutedList {
  readonly labels: Float64Array
  readonly weights: Float64Array
  readonly P: FloatArray
  readonly PBar: FloatArray
}

/** A loss over P of every list: by kernels of its own where there are some, else with P of the whole batch computed at once. */
export function permutationLoss(
  declared: LossDeclaration,
  ref: Ref,
  make: (list: PermutedList) => LossKernel,
  kernels: DescribeKernels,
): OperatorSpec {
  const over = declaredOver(declared, operatorsOf('matrix').get(ref.name)!, ref)
  const nested = nestedLoss(over, ref, make)
  const direct = withLossKernels(nested, over.labels === 'gain', kernels)
  return { ...nested, fast: (...given) => direct.fast!(...given) ?? nested.fast!(...given) }
}

function nestedLoss(declared: LossDeclaration, ref: Ref, make: (list: PermutedList) => LossKernel): OperatorSpec {
  const spec = operatorsOf('matrix').get(ref.name)!
  return batchLossOperator(declared, ({ shape, scores, labels, weights }, _, execution) => {
    const inner = nestedPlan(spec, shape, ref.params, execution)
    if (!inner) return undefined
    const { values, output, cotangent, gradient } = inner
    let entries = 0
    const kernels = Array.from({ length: rowCount(shape) }, (_, q) => {
      const [start, n] = [entries, shape.offsets[q + 1] - shape.offsets[q]]
      entries += n * n
      const [P, PBar] = [output.subarray(start, entries), cotangent.subarray(start, entries)]
      const { value, gradient } = make({ labels: part(labels, shape, q), weights: part(weights, shape, q), P, PBar })
      return {
        value,
        gradient(scale: number, out: Float64Array) {
          PBar.fill(0)
          gradient(scale, out)
        },
      }
    })
    return {
      kernels,
      engine: inner.engine ?? 'reference',
      prepare() {
        values.set(scores)
        inner.forward()
      },
      finish(out) {
        inner.backward()
        out.set(gradient)
      },
      dispose: () => inner.dispose(),
    }
  })
}
