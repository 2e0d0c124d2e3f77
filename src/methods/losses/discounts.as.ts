/** Tables of DCG discounts, D(r) = 1 / log2(1 + r): made here, so that every host has the same ones to the last bit. */

import { put } from '../../engine/library/task.as'

@inline
function discount(rank: i32): f64 {
  return 1 / Math.log2(f64(rank + 1))
}

/** Entry r - 1 is D(r). */
export function discounts<T>(table: usize, length: i32): void {
  for (let i = 0; i < length; i++) put<f64>(table, i, discount(i + 1))
}

/** Entry d is D(d) - D(d + 1), 0 at d = 0: by how much neighbours at rank difference d differ. */
export function discountDeltas<T>(table: usize, length: i32): void {
  put<f64>(table, 0, 0)
  for (let d = 1; d < length; d++) put<f64>(table, d, discount(d) - discount(d + 1))
}
