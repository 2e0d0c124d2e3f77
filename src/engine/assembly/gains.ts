/** Relative gains G_i = (2^(y_i) - 1) / maxDCG of a list whose labels are sorted from the largest down. */

import { at, put } from './task';

/**
 * Writes G of sorted labels y (f64) to `gains` and answers whether any item is relevant. Gains are scaled by a power of two,
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
