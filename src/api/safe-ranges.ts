/**
 * Written by scripts/parameters.mjs from a stability run: do not edit. Softness that is safe at standard deviation 1, by
 * the length n of a row, in f32, other parameters at their defaults (k = n / 4 for topk). 0 and infinity: as far as the
 * map goes.
 */

export interface SafeRange {
  readonly n: number
  readonly low: number
  readonly high: number
}

export const safeRanges: Readonly<Record<string, readonly SafeRange[]>> = {
  'sort:permutahedron': [
    { n: 10, low: 0, high: 3.2 },
    { n: 100, low: 0, high: 32 },
  ],
  'rank:permutahedron': [
    { n: 10, low: 0.32, high: 0.32 },
    { n: 100, low: 0.032, high: 0.032 },
  ],
  'rank:sigmoid': [
    { n: 10, low: 0.01, high: 1 },
    { n: 100, low: 0.001, high: 1 },
  ],
  'topk:sigmoid': [
    { n: 10, low: 0.1, high: 1 },
    { n: 100, low: 0.1, high: 1 },
  ],
  'sort:neuralsort': [
    { n: 10, low: 0, high: 3.2 },
    { n: 100, low: 0, high: 32 },
  ],
  'rank:neuralsort': [
    { n: 10, low: 0.01, high: 3.2 },
    { n: 100, low: 0.001, high: 32 },
  ],
  'matrix:neuralsort': [
    { n: 10, low: 0.01, high: 0.1 },
    { n: 100, low: 0.001, high: 0.032 },
  ],
  'topk:neuralsort': [
    { n: 10, low: 0.1, high: 1 },
    { n: 100, low: 3.2, high: 10 },
  ],
  'sort:softsort': [
    { n: 10, low: 0, high: 0.32 },
    { n: 100, low: 0, high: 0.32 },
  ],
  'rank:softsort': [
    { n: 10, low: 0.01, high: 0.32 },
    { n: 100, low: 0.001, high: 0.32 },
  ],
  'matrix:softsort': [
    { n: 10, low: 0.01, high: 0.1 },
    { n: 100, low: 0.001, high: 0.01 },
  ],
  'topk:softsort': [
    { n: 10, low: 0.1, high: 0.32 },
    { n: 100, low: 0.1, high: 0.32 },
  ],
  'sort:lapsum': [
    { n: 10, low: 0, high: 0.32 },
    { n: 100, low: 0, high: 0.32 },
  ],
  'rank:lapsum': [
    { n: 10, low: 0.032, high: 1 },
    { n: 100, low: 0.001, high: 1 },
  ],
  'matrix:lapsum': [
    { n: 10, low: 0.01, high: 0.1 },
    { n: 100, low: 0.001, high: 0.01 },
  ],
  'topk:lapsum': [
    { n: 10, low: 0.1, high: 0.32 },
    { n: 100, low: 0.1, high: 0.32 },
  ],
  'sort:sinkhorn': [
    { n: 10, low: 0, high: 0.32 },
    { n: 100, low: 0, high: 0.32 },
  ],
  'rank:sinkhorn': [
    { n: 10, low: 0.0032, high: 0.32 },
    { n: 100, low: 0.00001, high: 0.32 },
  ],
  'matrix:sinkhorn': [
    { n: 10, low: 0.001, high: 0.032 },
    { n: 100, low: 0.00001, high: 0.00032 },
  ],
  'rank:softrank': [
    { n: 10, low: 0.032, high: 1 },
    { n: 100, low: 0.0032, high: 1 },
  ],
  'matrix:softrank': [
    { n: 10, low: 0.032, high: 0.1 },
    { n: 100, low: 0.0032, high: 0.01 },
  ],
  'sort:network': [
    { n: 10, low: 0, high: 0.32 },
    { n: 100, low: 0, high: 0.032 },
  ],
  'matrix:network': [
    { n: 10, low: 0.00001, high: 0.032 },
    { n: 100, low: 0, high: 0.001 },
  ],
  'topk:network': [
    { n: 10, low: 0.00001, high: 0.1 },
    { n: 100, low: 0.000001, high: 0.032 },
  ],
  'topk:sparse': [
    { n: 10, low: 3.2, high: 3.2 },
    { n: 100, low: 3.2, high: 3.2 },
  ],
  'topk:soft': [
    { n: 10, low: 0.1, high: 0.32 },
    { n: 100, low: 0.32, high: 1 },
  ],
}
