/** Values below which the given shares of a set lie. */
export function quantiles(values: Float64Array, shares: readonly number[]): number[] {
  const ascending = values.slice().sort()
  return shares.map((share) => ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))])
}
