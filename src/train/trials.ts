/**
 * Points of a grid to try: every value of every kind equally often, drawn at random otherwise. A random draw sees more
 * values of what matters than a full grid of the same size (Bergstra, Bengio, Random Search for Hyper-Parameter
 * Optimization, JMLR 2012); the balance is that of a Latin hypercube.
 */

import { maximum, minimum } from '../core/extremes.ts'
import type { Random } from '../core/random.ts'

type Grid = { readonly [name: string]: readonly unknown[] }
export type Setting<G extends Grid> = { readonly [Name in keyof G]: G[Name][number] }

/** Each of the `values` as often as any other, give or take one, in random order. */
function column<T>(values: readonly T[], count: number, random: Random): T[] {
  const all: T[] = []
  while (all.length < count) all.push(...random.shuffle([...values]))
  return random.shuffle(all.slice(0, count))
}

const pointAt = <G extends Grid>(grid: G, pick: (name: string) => unknown): Setting<G> =>
  Object.fromEntries(Object.keys(grid).map((name) => [name, pick(name)])) as Setting<G>

/** All points, the first kind varying slowest. */
function product<G extends Grid>(grid: G): Setting<G>[] {
  let points: Record<string, unknown>[] = [{}]
  for (const [name, values] of Object.entries(grid)) {
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })))
  }
  return points as Setting<G>[]
}

/** Points that are drawn twice give way to points that are not drawn yet: no trial is wasted. */
function distinct<G extends Grid>(
  points: readonly Setting<G>[],
  all: readonly Setting<G>[],
  random: Random,
): Setting<G>[] {
  const text = (point: Setting<G>) => JSON.stringify(point)
  const seen = new Set<string>(points.map(text))
  const spare = random.shuffle(all.filter((point) => !seen.has(text(point))))
  const used = new Set<string>()
  return points.map((point) => {
    const chosen = used.has(text(point)) ? spare.pop()! : point
    used.add(text(chosen))
    return chosen
  })
}

/**
 * `count` different points of the grid, all of them when it has no more. A kind's column depends on its name and values alone:
 * losses that differ in one kind try the same values of the others.
 * @param stream a random stream of that name
 */
export function drawTrials<G extends Grid>(grid: G, count: number, stream: (name: string) => Random): Setting<G>[] {
  const all = product(grid)
  if (all.length <= count) return all
  const columns = Object.fromEntries(
    Object.entries(grid).map(([name, values]) => [name, column(values, count, stream(name))]),
  )
  const drawn = Array.from({ length: count }, (_, t) => pointAt(grid, (name) => columns[name][t]))
  return distinct(drawn, all, stream('replacements'))
}

/** -1 when the lowest of several values was chosen, 1 when the highest was, 0 when neither was or there was no choice. */
export function edgeOf(value: number, offered: readonly number[]): number {
  if (offered.length < 2) return 0
  if (value === minimum(offered)) return -1
  return value === maximum(offered) ? 1 : 0
}
