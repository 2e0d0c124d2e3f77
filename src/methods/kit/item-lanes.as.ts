/** Entries of f32 in the order of the items, from and to f64 lanes. */

import { at, ptr } from '../../engine/library/task.as'

/** Entries j to j + 3 of a line of f32. */
@inline
export function put4(line: usize, j: i32, low: v128, high: v128): void {
  const four = v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5)
  v128.store(ptr<f32>(line, j), four)
}

/** Entry j alone. */
@inline
export function put1(line: usize, j: i32, low: v128): void {
  v128.store32_lane(ptr<f32>(line, j), f32x4.demote_f64x2_zero(low), 0)
}

/** Entries j and j + 1 of a line of f32; beyond its end there is 0. */
@inline
export function get2(line: usize, j: i32, n: i32): v128 {
  const from = ptr<f32>(line, j)
  return f64x2.promote_low_f32x4(j + 1 < n ? v128.load64_zero(from) : v128.load32_zero(from))
}

/** From sorted order to that of the items. */
@inline
export function scatter(sorted: usize, order: usize, low: i32, high: i32, out: usize): void {
  for (let j = low; j < high; j++) store<f64>(ptr<f64>(out, i32(at<u32>(order, j))), at<f64>(sorted, j))
}
