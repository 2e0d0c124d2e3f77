/**
 * The engine's kernels for operators over a relaxed permutation: streamed (unimodal.as.ts, softsort/kernel.as.ts), and the
 * matrix itself (permutation-matrix.ts).
 */

import type { OperatorSpec } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import type { Shape } from '../../core/shape.ts'
import type { KernelSpec } from '../../engine/kernel-plan.ts'
import { fitsAsMatrix, withKernels } from './fast-plan.ts'

const operators = ['sort', 'rank', 'topk'] as const
type PermutationOperator = (typeof operators)[number]

/** Which kernels cover these parameters; nothing where only the reference does. */
export type PermutationFamily = (params: Params) => (typeof families)[number] | undefined

function kernelsOf(operator: PermutationOperator, params: Params, family: PermutationFamily): KernelSpec | undefined {
  const kind = family(params)
  if (kind === undefined || params.tau === 0) return undefined
  const separable = kind === 'softsort'
  return {
    forward: separable ? 'softSort' : 'unimodal',
    backward: separable ? 'pullSoftSort' : 'pullUnimodal',
    scratch: separable ? 'softSortScratch' : 'unimodalScratch',
    integers: [kind === 'neuralsort' ? 0 : 1, operators.indexOf(operator)],
    numbers: [params.tau as number, params.direction === 'ascending' ? 1 : -1, (params.k as number | undefined) ?? 0],
    power: separable ? 1 : 1.5,
  }
}

const families = ['neuralsort', 'softsort squared', 'softsort'] as const

function matrixKernelsOf(shape: Shape, params: Params, family: PermutationFamily): KernelSpec | undefined {
  const kind = family(params)
  if (kind === undefined || params.tau === 0 || !fitsAsMatrix(shape)) return undefined
  return {
    forward: 'permutationMatrix',
    backward: 'pullPermutationMatrix',
    scratch: 'permutationMatrixScratch',
    integers: [families.indexOf(kind)],
    numbers: [params.tau as number, params.direction === 'ascending' ? 1 : -1],
    output: (n) => n * n,
    power: 2,
  }
}

type PermutationSpecs = Readonly<Record<PermutationOperator | 'matrix', OperatorSpec>>

/** The operators with kernels where `family` has some. */
export function withPermutationKernels(specs: PermutationSpecs, family: PermutationFamily): PermutationSpecs {
  const fast = operators.map((operator) => [
    operator,
    withKernels(specs[operator], (_, params) => kernelsOf(operator, params, family)),
  ])
  const matrix = withKernels(specs.matrix, (shape, params) => matrixKernelsOf(shape, params, family))
  return { ...specs, ...Object.fromEntries(fast), matrix }
}
