/** The parameters at which operators are mapped. */

import type { Ref } from '../../core/selector.ts'

/** A quarter of the items, where a number of them is selected: of one in many, few others could have a gradient. */
export function asMapped({ name, params }: Ref, n: number): Ref {
  return params.k === undefined || !name.startsWith('topk:')
    ? { name, params }
    : { name, params: { ...params, k: n / 4 } }
}
