/** Quantiles by linear interpolation of order statistics (R's type 7). */

/** Ascending copy. */
const sorted = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort()

/** Quantile `q` in [0, 1] of values already sorted ascending; NaN when there are none. */
export function quantileSorted(ascending: ArrayLike<number>, q: number): number {
  if (ascending.length === 0) return Number.NaN
  const at = q * (ascending.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, ascending.length - 1)
  return ascending[low] + (at - low) * (ascending[high] - ascending[low])
}

export const median = (values: ArrayLike<number>): number => quantileSorted(sorted(values), 0.5)
