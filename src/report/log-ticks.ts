/** Decades up to which ticks stand at these multiples of powers of ten; d3 leaves labels beyond about a dozen bare. */
const multiples: readonly (readonly [decades: number, steps: readonly number[]])[] = [
  [1.3, [1, 2, 5]],
  [3.2, [1, 3]],
  [Number.POSITIVE_INFINITY, [1]],
]

/** Powers of ten, and multiples of them where the domain is short. */
export function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const [, steps] = multiples.find(([decades]) => Math.log10(high / low) <= decades)!
  const all = Array.from({ length: last - first + 1 }, (_, i) => steps.map((step) => step * 10 ** (first + i))).flat()
  return all.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001)
}
