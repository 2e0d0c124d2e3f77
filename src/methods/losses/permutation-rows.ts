/** The engine's kernels for cross entropies of a relaxed permutation that a selector names (permutation-loss.as.ts). */

import type { Params } from '../../core/params.ts'
import type { Ref } from '../../core/selector.ts'
import type { KernelSpec } from '../../engine/kernel-plan.ts'
import { ifHonoured } from '../kit/honoured.ts'
import { operatorsOf } from '../value-methods.ts'

type Rows = 'neuralSort' | 'squared' | 'absolute'

/** What the rows of the permutation are made of; others have no kernel of their own. */
function kindOf(name: string, params: Params): Rows | undefined {
  if (params.tau === 0) return undefined
  if (name === 'matrix:softsort') return params.power === 1 ? 'absolute' : 'squared'
  return name === 'matrix:neuralsort' && params.samples === 0 ? 'neuralSort' : undefined
}

/** Rows from the largest value down. */
function rowsOf({ name, params }: Ref): { readonly rows: Rows; readonly tau: number } | undefined {
  const space = operatorsOf('matrix').get(name)!.params
  return ifHonoured(space, params, (watched) => {
    const rows = watched.direction === 'descending' ? kindOf(name, watched) : undefined
    return rows && { rows, tau: watched.tau as number }
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
