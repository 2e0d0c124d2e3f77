/** The engine's kernels for operators over a relaxed permutation that is never stored (engine/assembly/unimodal.ts, softsort.ts). */

import type { OperatorSpec } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import type { KernelSpec } from '../../engine/kernel-plan.ts'
import { withKernels } from './fast-plan.ts'

const operators = ['sort', 'rank', 'topk'] as const
type PermutationOperator = (typeof operators)[number]

/** Which kernels cover these parameters; nothing where only the reference does. */
export type PermutationFamily = (params: Params) => 'neuralsort' | 'softsort' | 'softsort squared' | undefined

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

type PermutationSpecs = Readonly<Record<PermutationOperator | 'matrix', OperatorSpec>>

/** The operators with kernels where `family` has some; the matrix itself is the reference's. */
export function withPermutationKernels(specs: PermutationSpecs, family: PermutationFamily): PermutationSpecs {
  const fast = operators.map((operator) => [
    operator,
    withKernels(specs[operator], (_, params) => kernelsOf(operator, params, family)),
  ])
  return { ...specs, ...Object.fromEntries(fast) }
}
