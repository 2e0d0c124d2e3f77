/**
 * Written by scripts/parameters.mjs from a stability run: do not edit. Softness that is safe at standard deviation 1,
 * rows of 100 values, f32, other parameters at their defaults (k = n / 4 for topk).
 */

export const safeRanges: Readonly<Record<string, { readonly low: number; readonly high: number }>> = {}
