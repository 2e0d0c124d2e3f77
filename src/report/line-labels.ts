/** Names of lines at their right ends, moved apart where they would cover each other, with a thread to their line. */

import { Plot } from './plot.ts'
import { spread } from './spread.ts'

/** The last point of a line. */
interface LineEnd {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly colour: string
}

interface Frame {
  /** Domains of the axes; that of x is made longer by the threads. */
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  readonly type: 'linear' | 'log'
  /** Pixels of the plot's inside. */
  readonly width: number
  readonly height: number
}

/** Pixels: a line of text, a thread, from the thread to the text. */
const [lineHeight, thread, space] = [14, 26, 4]
/** Of a character, on the wide side. */
const character = 6.6

/** Pixels to the right of the plot that the names take. */
export const labelRoom = (names: readonly string[]): number =>
  space + 8 + character * names.reduce((most, name) => Math.max(most, name.length), 0)

/** The domain of x with room for the threads. */
export const threaded = ([from, to]: readonly [number, number], width: number): [number, number] => [
  from,
  to + ((to - from) * thread) / (width - thread),
]

/** What pixels are proportional to, and back. */
const scales = {
  linear: { to: (value: number) => value, from: (place: number) => place },
  log: { to: Math.log10, from: (place: number) => 10 ** place },
} as const

export function lineLabels(ends: readonly LineEnd[], { x, y, type, width, height }: Frame): Plot.Markish[] {
  const [, right] = threaded(x, width)
  const { to, from } = scales[type]
  const [low, high] = [to(y[0]), to(y[1])]
  const wanted = ends.map((end) => Math.min(high, Math.max(low, to(end.y))))
  const places = spread(wanted, (lineHeight * (high - low)) / height, low, high).map(from)
  const labels = ends.map((end, i) => ({ ...end, place: places[i], right }))
  return [
    Plot.link(labels, {
      x1: 'x',
      y1: 'y',
      x2: 'right',
      y2: 'place',
      stroke: ({ colour }: LineEnd) => colour,
      strokeWidth: 0.8,
      strokeOpacity: 0.7,
    }),
    Plot.text(labels, {
      x: 'right',
      y: 'place',
      text: 'name',
      textAnchor: 'start',
      dx: space,
      fill: ({ colour }: LineEnd) => colour,
    }),
  ]
}
