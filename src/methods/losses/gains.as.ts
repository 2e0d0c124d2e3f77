/** Relative gains G_i = w_i (2^(y_i) - 1) / maxDCG of a list, maxDCG that of the weighted gains from the largest down. */

import { argsort } from '../../engine/library/argsort.as'
import { at, num, ptr, put } from '../../engine/library/task.as'

/**
 * Writes G of labels y (f64), sorted from the largest down, with weights w (f64) in that order, to `gains` and answers whether any
 * item is relevant and weighs. Gains are scaled by a power of two and weights by the largest, which cancels: 2^y alone overflows
 * at label 1024. `discounts`: 1 / log2(2 + i); `cutoff`: ranks that count; `order`, u32, and `free`: room to sort gains in.
 */
export function relativeGains(
  y: usize,
  w: usize,
  n: i32,
  discounts: usize,
  cutoff: i32,
  gains: usize,
  order: usize,
  free: usize,
): bool {
  let heaviest: f64 = 0
  for (let k = 0; k < n; k++) heaviest = max(heaviest, at<f64>(w, k))
  if (heaviest == 0) return false
  let top = 0
  while (at<f64>(w, top) == 0) top++
  const exponent = Math.floor(at<f64>(y, top))
  const one = NativeMath.pow(2, -exponent)
  let maxDcg: f64 = 0
  let before: f64 = Infinity
  let descending = true
  for (let k = 0; k < n; k++) {
    const label = at<f64>(y, k)
    const weight = at<f64>(w, k) / heaviest
    if (weight == 0) {
      put<f64>(gains, k, 0)
      before = 0
      continue
    }
    const whole = label == Math.floor(label) && label <= exponent && exponent - label < 1000
    const power = whole
      ? reinterpret<f64>(u64(1023 - i64(exponent - label)) << 52)
      : NativeMath.pow(2, label - exponent)
    // Below label 1 the difference would lose what a small label is worth.
    const gain = weight * (label < 1 ? NativeMath.expm1(label * NativeMath.LN2) * one : power - one)
    descending = descending && gain <= before
    before = gain
    put<f64>(gains, k, gain)
    if (k < cutoff) maxDcg += gain * at<f64>(discounts, k)
  }
  if (!descending) maxDcg = sortedDcg(n, discounts, cutoff, gains, order, free)
  if (maxDcg == 0) return false
  for (let k = 0; k < n; k++) put<f64>(gains, k, at<f64>(gains, k) / maxDcg)
  return true
}

/** The largest DCG of gains in any order. */
function sortedDcg(n: i32, discounts: usize, cutoff: i32, gains: usize, order: usize, free: usize): f64 {
  argsort<f64>(gains, n, true, order, free)
  let dcg: f64 = 0
  for (let k = 0; k < min(n, cutoff); k++) {
    dcg += at<f64>(gains, i32(at<u32>(order, k))) * at<f64>(discounts, k)
  }
  return dcg
}

/** Writes G in the order of the items; answers whether any item is relevant and weighs. `order` and `free`: room to sort in. */
@inline
export function itemGains<T>(
  labels: usize,
  weights: usize,
  n: i32,
  discounts: usize,
  cutoff: i32,
  gains: usize,
  order: usize,
  free: usize,
): bool {
  const sorted = free
  const w = ptr<f64>(sorted, n + 2)
  const byGain = ptr<f64>(w, n + 2)
  const rest = ptr<f64>(byGain, n + 2)
  argsort<T>(labels, n, true, order, rest)
  for (let k = 0; k < n; k++) {
    const item = i32(at<u32>(order, k))
    put<f64>(sorted, k, num<T>(labels, item))
    put<f64>(w, k, num<T>(weights, item))
  }
  if (!relativeGains(sorted, w, n, discounts, cutoff, sorted, byGain, rest)) return false
  for (let k = 0; k < n; k++) put<f64>(gains, i32(at<u32>(order, k)), at<f64>(sorted, k))
  return true
}
