/** The engine's kernels for cross entropies of a relaxed permutation that a selector names (permutation-loss.as.ts). */

import type { When } from '../../core/kernel-variant.ts'
import type { Ref } from '../../core/selector.ts'
import type { KernelSpec } from '../../engine/kernel-plan.ts'
import { ifHonoured } from '../kit/honoured.ts'
import { allHold } from '../kit/kernel-variants.ts'
import { operatorsOf } from '../value-methods.ts'

/** The relaxed permutations whose rows, from the largest value down, have a kernel of their own; as data, for hosts. */
export const permutedRows = [
  { of: 'matrix:softsort', when: { tau: { above: 0 }, power: 1, direction: 'descending' }, rows: 'absolute' },
  { of: 'matrix:softsort', when: { tau: { above: 0 }, power: 2, direction: 'descending' }, rows: 'squared' },
  { of: 'matrix:neuralsort', when: { tau: { above: 0 }, samples: 0, direction: 'descending' }, rows: 'neuralSort' },
] as const satisfies readonly { readonly of: string; readonly when: When; readonly rows: string }[]

type Rows = (typeof permutedRows)[number]['rows']

function rowsOf({ name, params }: Ref): { readonly rows: Rows; readonly tau: number } | undefined {
  const space = operatorsOf('matrix').get(name)!.params
  return ifHonoured(space, params, (watched) => {
    const found = permutedRows.filter(({ of }) => of === name).find(({ when }) => allHold(when, watched))
    return found && { rows: found.rows, tau: watched.tau as number }
  })
}

const shared = new Map<string, Float64Array>()

/** The same numbers as one table, whichever plan they are of. */
function sharedTable(numbers: Float64Array): Float64Array {
  const key = numbers.join()
  const known = shared.get(key) ?? numbers
  shared.set(key, known)
  return known
}

/** Cross entropies of the rows of `ref`; `ofFirst`, of the first rows: P(K >= k) of each, then P(K = k). */
export function permutationKernels(ref: Ref, ofFirst?: Float64Array): KernelSpec | undefined {
  const named = rowsOf(ref)
  if (!named) return undefined
  return {
    forward: 'permutationLoss',
    backward: 'scaleGradients',
    fields: { ...named, sign: -1, loss: ofFirst ? 'topk' : 'permutation', count: (ofFirst?.length ?? 0) / 2 },
    tables: { ofFirst: ofFirst && sharedTable(ofFirst) },
    power: 2,
  }
}
