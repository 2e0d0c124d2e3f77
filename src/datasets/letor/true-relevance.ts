/** The ranker behind the labels, of one document's features. */
export function trueRelevance(features: ArrayLike<number>, start = 0): number {
  const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((j) => features[start + j])
  return 2 * a + 1.5 * b * c + Math.sin(Math.PI * d) - 4 * (e - 0.5) ** 2
}
