/** Which ranker was published? The one whose values are nearest, query by query: means can agree by chance, 700 queries cannot. */

import type { Identification } from '../core/claim.ts'
import { queryDistance } from './query-distance.ts'

interface Candidate {
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
