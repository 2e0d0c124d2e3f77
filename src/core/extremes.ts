/** Largest and smallest of any number of values: as arguments of Math.max, more than some 120,000 of them end the process. */

/** The largest of the values; `least` where there are none above it. */
export function maximum(values: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let found = least
  for (const value of values) found = Math.max(found, value)
  return found
}

/** The smallest of the values; `most` where there are none below it. */
export function minimum(values: Iterable<number>, most = Number.POSITIVE_INFINITY): number {
  let found = most
  for (const value of values) found = Math.min(found, value)
  return found
}
