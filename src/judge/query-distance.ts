/** Root mean square of the differences; queries that the convention drops count on neither side. */
export function queryDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [sum, count] = [0, 0]
  for (let q = 0; q < a.length; q++) {
    const d = a[q] - b[q]
    if (Number.isNaN(d)) continue
    sum += d * d
    count++
  }
  return Math.sqrt(sum / count)
}
