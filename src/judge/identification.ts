/** Which ranker was published? The one whose values are nearest, query by query: means can agree by chance, 700 queries cannot. */

import type { Identification } from '../core/claim.ts'

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

export interface Candidate {
  readonly name: string
  readonly queries: readonly number[]
}

/**
 * @param candidates all rankers of the run, ours among them, on the queries of `published`
 * @param own name of ours
 */
export function identify(
  published: readonly number[],
  candidates: readonly Candidate[],
  own: string,
): Identification | undefined {
  const lines = candidates
    .filter(({ queries }) => queries.length === published.length)
    .map(({ name, queries }) => ({ name, distance: queryDistance(queries, published) }))
  const ours = lines.find(({ name }) => name === own)
  if (!ours || lines.length < 2) return undefined
  const nearest = lines.reduce((least, next) => (next.distance < least.distance ? next : least))
  return {
    rank: 1 + lines.filter(({ distance }) => distance < ours.distance).length,
    of: lines.length,
    nearest: nearest.name,
    queries: published.length,
  }
}
