/** The maps of the stability experiment, read from a run. */

import type { Softness } from '../../core/method.ts'
import type { Subject } from '../../core/method-ref.ts'
import { type Entry, entriesOf, methodLabel, observation, type RunData, seedSuffix } from '../../results/view.ts'

/** In the order of their numbers in the map. */
export const states = ['healthy', 'saturated', 'vanished', 'exploding', 'not finite'] as const
export type StateName = (typeof states)[number]

interface MapPoint {
  readonly softness: number
  readonly scale: number
  /** Undefined where the parameter or the storage format does not reach. */
  readonly state: StateName | undefined
  readonly slope: number
  readonly saturated: number
  readonly pooled: number
  readonly distance: number
  readonly disorder: number
}

export interface StabilityMap {
  readonly method: Subject
  readonly label: string
  readonly storage: string
  readonly n: number
  readonly points: readonly MapPoint[]
}

const samplesOf = ({ result }: Entry, metric: string): readonly number[] => observation(result, metric)?.samples ?? []

function pointsOf(entry: Entry): MapPoint[] {
  const [softness, scales] = [samplesOf(entry, 'axis.softness'), samplesOf(entry, 'axis.scale')]
  const of = (quantity: string) => samplesOf(entry, `map.${quantity}`)
  const [state, slope, saturated, pooled] = ['state', 'slope', 'saturated', 'pooled'].map(of)
  const [distance, disorder] = ['distance', 'disorder'].map(of)
  return softness.flatMap((soft, i) =>
    scales.map((scale, j): MapPoint => {
      const at = i * scales.length + j
      return {
        softness: soft,
        scale,
        state: state[at] < 0 ? undefined : states[state[at]],
        slope: slope[at],
        saturated: saturated[at],
        pooled: pooled[at],
        distance: distance[at],
        disorder: disorder[at],
      }
    }),
  )
}

export function stabilityMaps(run: RunData): StabilityMap[] {
  const entries = entriesOf(run, 'stability')
  const suffix = seedSuffix(entries)
  return entries
    .filter(({ result }) => result.status === 'measured')
    .map((entry) => ({
      method: entry.cell.method,
      label: methodLabel(run, entry.cell) + suffix(entry.cell),
      storage: String(entry.cell.experiment.params.storage),
      n: Number(entry.cell.experiment.params.n),
      points: pointsOf(entry),
    }))
}

/** An answer more than half as far from hard as a constant one is no longer called faithful. */
export const faithfulUpTo = 0.5

export interface SafeRange {
  /** In softness, at values with standard deviation 1; in the scale of the values where there is no softness. */
  readonly low: number
  readonly high: number
  /** What is met just outside; undefined when the range ends with the map. */
  readonly below: StateName | undefined
  readonly above: StateName | 'too soft' | undefined
}

type Line = readonly (MapPoint & { readonly at: number })[]

/** Whether the map has a softness; without one its only line runs along the scale of the values. */
export const isSoft = ({ points }: StabilityMap): boolean =>
  points.some(({ softness }) => softness !== points[0].softness)

function lineOf(map: StabilityMap): Line {
  const line = isSoft(map)
    ? map.points
        .filter(({ scale }) => Math.abs(Math.log10(scale)) < 1e-9)
        .map((point) => ({ ...point, at: point.softness }))
    : map.points.map((point) => ({ ...point, at: point.scale }))
  return line.sort((a, b) => a.at - b.at)
}

const isSafe = ({ state, distance }: MapPoint): boolean => state === 'healthy' && distance <= faithfulUpTo

/** The longest run of safe points on a line; undefined when there is none. */
export function safeRange(map: StabilityMap): SafeRange | undefined {
  const line = lineOf(map)
  let best: [number, number] | undefined
  for (let start = 0; start < line.length; start++) {
    let end = start
    while (end < line.length && isSafe(line[end])) end++
    if (end > start && (!best || end - start > best[1] - best[0])) best = [start, end]
  }
  if (!best) return undefined
  const [before, after] = [line[best[0] - 1], line[best[1]]]
  return {
    low: line[best[0]].at,
    high: line[best[1] - 1].at,
    below: before?.state,
    above: after && (after.state === 'healthy' ? 'too soft' : after.state),
  }
}

/** Softness as its parameter. */
export const asParameter = (softness: number, { inverse }: Softness): number => (inverse ? 1 / softness : softness)
