/**
 * The engine's kernels for operators over a relaxed permutation: streamed (unimodal.as.ts, softsort/kernel.as.ts), and the
 * matrix itself (permutation-matrix.as.ts).
 */

import type { KernelVariant, When } from '../../core/kernel-variant.ts'
import type { OperatorSpec } from '../../core/method.ts'
import { withKernels } from './fast-plan.ts'
import { ascendingSign, variant } from './kernel-variants.ts'

const operators = ['sort', 'rank', 'topk'] as const
type PermutationOperator = (typeof operators)[number]

/** What the rows of a family are made of, and the parameters at which they are. */
interface PermutationFamily {
  readonly rows: 'neuralSort' | 'squared' | 'absolute'
  readonly when: When
}

const soft = { tau: { above: 0 } } as const
const given = { tau: { param: 'tau' }, sign: ascendingSign } as const
const countOf = (operator: PermutationOperator) => (operator === 'topk' ? ({ param: 'k' } as const) : 0)

/** Absolute distances factorise over what lies between; everything else goes row by row. */
function streamed(operator: PermutationOperator, { rows, when }: PermutationFamily): KernelVariant {
  const covered = { when: { ...soft, ...when } }
  const set = { ...given, operator, k: countOf(operator) }
  return rows === 'absolute'
    ? variant({ ...covered, forward: 'softSort', backward: 'pullSoftSort', set })
    : variant({ ...covered, forward: 'unimodal', backward: 'pullUnimodal', set: { ...set, rows }, power: 1.5 })
}

const whole = ({ rows, when }: PermutationFamily): KernelVariant =>
  variant({
    when: { ...soft, ...when },
    forward: 'permutationMatrix',
    backward: 'pullPermutationMatrix',
    set: { ...given, rows },
    output: 'pair',
    power: 2,
  })

type PermutationSpecs = Readonly<Record<PermutationOperator | 'matrix', OperatorSpec>>

/** The operators with kernels where one of the families is. */
export function withPermutationKernels(
  specs: PermutationSpecs,
  families: readonly PermutationFamily[],
): PermutationSpecs {
  const fast = operators.map((operator) => [
    operator,
    withKernels(
      specs[operator],
      families.map((family) => streamed(operator, family)),
    ),
  ])
  return { ...specs, ...Object.fromEntries(fast), matrix: withKernels(specs.matrix, families.map(whole)) }
}
