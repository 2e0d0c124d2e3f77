/** Axes whose ticks say their unit, and points that show their intervals, whole or marked where they are cut. */

import { maximum, minimum } from '../core/extremes.ts'
import { logTicks } from './log-ticks.ts'
import { formatTime } from './numbers.ts'
import { Plot } from './plot.ts'

/** `100 µs`, `2 ms`: a tick of an axis in nanoseconds. */
export const timeTick = (ns: number): string => formatTime(ns).replace(/\.0+(?= )/, '')

/** `100`, `10k`, `1M`: a tick of an axis of counts. */
export function countTick(n: number): string {
  if (n >= 1e6) return `${n / 1e6}M`
  return n >= 1e4 ? `${n / 1e3}k` : String(n)
}

/** A logarithmic axis wide enough for all of `values`, and `slack` times as far on either side. */
export function logAxis(
  values: readonly number[],
  label: string,
  tickFormat: (value: number) => string,
  slack = 1.1,
): Plot.ScaleOptions {
  const [low, high] = [minimum(values) / slack, maximum(values) * slack]
  return { type: 'log', domain: [low, high], label, ticks: logTicks(low, high), tickFormat }
}

/** Shares as far as they go, with room; from 0 or to 1 where they come near. */
export function shareDomain(shares: readonly number[]): [low: number, high: number] {
  const [low, high] = [minimum(shares), maximum(shares)]
  const room = Math.max(0.02, (high - low) / 12)
  return [low < 0.3 ? 0 : low - room, high > 0.9 ? 1 : high + room]
}

/** A point of a dot plot, a line each. */
interface IntervalPoint {
  readonly name: string
  readonly value: number
  readonly low: number
  readonly high: number
  readonly colour: string
}

/** What of an interval lies within the bounds; `undefined` where nothing does. */
function within(point: IntervalPoint, from: number, to: number): IntervalPoint | undefined {
  const [low, high] = [Math.max(point.low, from), Math.min(point.high, to)]
  return low <= high ? { ...point, low, high } : undefined
}

const arrow = (points: readonly IntervalPoint[], x: number, rotate: number) =>
  Plot.dot(points, { x, y: 'name', symbol: 'triangle', rotate, r: 4, fill: (point: IntervalPoint) => point.colour })

/**
 * Points with their intervals along x. What reaches beyond the bounds is cut there and marked with an arrow; a point that lies
 * beyond them is written out beside its arrow.
 */
export function intervalMarks(
  points: readonly IntervalPoint[],
  from: number,
  to: number,
  written: (value: number) => string,
): Plot.Markish[] {
  const seen = points.flatMap((point) => within(point, from, to) ?? [])
  const [under, over] = [points.filter(({ low }) => low < from), points.filter(({ high }) => high > to)]
  const outside = (each: IntervalPoint) => each.value < from || each.value > to
  const note = (side: readonly IntervalPoint[], x: number, textAnchor: 'start' | 'end', dx: number) =>
    Plot.text(side.filter(outside), {
      x,
      y: 'name',
      text: ({ value }: IntervalPoint) => written(value),
      textAnchor,
      dx,
      stroke: 'white',
      strokeWidth: 4,
    })
  return [
    Plot.ruleY(seen, {
      y: 'name',
      x1: 'low',
      x2: 'high',
      stroke: (point: IntervalPoint) => point.colour,
      strokeWidth: 1.6,
    }),
    Plot.dot(
      points.filter((each) => !outside(each)),
      { y: 'name', x: 'value', fill: (point: IntervalPoint) => point.colour, r: 3.5 },
    ),
    arrow(under, from, -90),
    arrow(over, to, 90),
    note(under, from, 'start', 9),
    note(over, to, 'end', -9),
  ]
}
