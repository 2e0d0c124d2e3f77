/**
 * Written by scripts/parameters.mjs from a stability run: do not edit. Softness that is safe at standard deviation 1,
 * rows of 100 values, f32, other parameters at their defaults (k = n / 4 for topk). 0 and infinity: as far as the map goes.
 */

export const safeRanges: Readonly<Record<string, { readonly low: number; readonly high: number }>> = {
  'sort:permutahedron': { low: 0, high: 32 },
  'rank:permutahedron': { low: 0.032, high: 0.032 },
  'rank:sigmoid': { low: 0.001, high: 1 },
  'topk:sigmoid': { low: 0.1, high: 1 },
  'sort:neuralsort': { low: 0, high: 32 },
  'rank:neuralsort': { low: 0.001, high: 32 },
  'matrix:neuralsort': { low: 0.001, high: 0.032 },
  'topk:neuralsort': { low: 3.2, high: 10 },
  'sort:softsort': { low: 0, high: 0.32 },
  'rank:softsort': { low: 0.001, high: 0.32 },
  'matrix:softsort': { low: 0.001, high: 0.01 },
  'topk:softsort': { low: 0.1, high: 0.32 },
  'sort:lapsum': { low: 0, high: 0.32 },
  'rank:lapsum': { low: 0.001, high: 1 },
  'matrix:lapsum': { low: 0.001, high: 0.01 },
  'topk:lapsum': { low: 0.1, high: 0.32 },
  'sort:sinkhorn': { low: 0, high: 0.32 },
  'rank:sinkhorn': { low: 0.00001, high: 0.32 },
  'matrix:sinkhorn': { low: 0.00001, high: 0.00032 },
  'rank:softrank': { low: 0.0032, high: 1 },
  'matrix:softrank': { low: 0.0032, high: 0.01 },
  'sort:network': { low: 0, high: 0.032 },
  'matrix:network': { low: 0, high: 0.001 },
  'topk:network': { low: 0.000001, high: 0.032 },
  'topk:sparse': { low: 3.2, high: 3.2 },
  'topk:soft': { low: 0.32, high: 1 },
}
