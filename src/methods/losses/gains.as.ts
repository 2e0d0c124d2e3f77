/** Relative gains G_i = (2^(y_i) - 1) / maxDCG of a list. */

import { argsort } from '../../engine/library/argsort.as';
import { at, num, ptr, put } from '../../engine/library/task.as';

/**
 * Writes G of labels y (f64), sorted from the largest down, to `gains` and answers whether any item is relevant. Gains are scaled by a power of two,
 * which cancels: 2^y alone overflows at label 1024. `discounts`: 1 / log2(2 + i); `cutoff`: ranks that count.
 */
export function relativeGains(y: usize, n: i32, discounts: usize, cutoff: i32, gains: usize): bool {
  if (n == 0) return false;
  const exponent = Math.floor(at<f64>(y, 0));
  const one = NativeMath.pow(2, -exponent);
  let maxDcg: f64 = 0;
  for (let k = 0; k < n; k++) {
    const label = at<f64>(y, k);
    const whole = label == Math.floor(label) && exponent - label < 1000;
    const power = whole
      ? reinterpret<f64>(<u64>(1023 - <i64>(exponent - label)) << 52)
      : NativeMath.pow(2, label - exponent);
    const gain = power - one;
    put<f64>(gains, k, gain);
    if (k < cutoff) maxDcg += gain * at<f64>(discounts, k);
  }
  if (maxDcg == 0) return false;
  for (let k = 0; k < n; k++) put<f64>(gains, k, at<f64>(gains, k) / maxDcg);
  return true;
}

/** Writes G in the order of the items; answers whether any item is relevant. `order` and `free`: room to sort the labels in. */
@inline
export function itemGains<T>(
  labels: usize,
  n: i32,
  discounts: usize,
  cutoff: i32,
  gains: usize,
  order: usize,
  free: usize,
): bool {
  const sorted = free;
  argsort<T>(labels, n, true, order, ptr<f64>(free, n + 2));
  for (let k = 0; k < n; k++) put<f64>(sorted, k, num<T>(labels, <i32>at<u32>(order, k)));
  if (!relativeGains(sorted, n, discounts, cutoff, sorted)) return false;
  for (let k = 0; k < n; k++) put<f64>(gains, <i32>at<u32>(order, k), at<f64>(sorted, k));
  return true;
}
