/** Interval of a share (Wilson, JASA 1927), 95 %: within 0 and 1, also of few and of shares near either end. */

const z = 1.959963984540054

/** @param of how many the share is of, at least one */
export function shareInterval(share: number, of: number): { readonly low: number; readonly high: number } {
  const spread = z ** 2 / of
  const middle = (share + spread / 2) / (1 + spread)
  const half = (z / (1 + spread)) * Math.sqrt((share * (1 - share)) / of + spread / (4 * of))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
