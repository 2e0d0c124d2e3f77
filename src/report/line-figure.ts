/** Lines with their names at their right ends. */

import { maximum, minimum } from '../core/extremes.ts'
import { labelRoom, lineLabels, threaded } from './line-labels.ts'
import { draw, type Figure, Plot } from './plot.ts'

export interface Line {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

interface Axes {
  readonly x: { readonly label: string; readonly ticks?: readonly number[] }
  /** Default domain: as far as the values go. */
  readonly y: {
    readonly label: string
    readonly domain?: readonly [low: number, high: number] | undefined
    readonly type?: 'linear' | 'log'
  }
}

interface Words {
  /** Of the file. */
  readonly name: string
  readonly title: string
}

/** Pixels. */
const [plotWidth, least, marginLeft, lineHeight] = [560, 380, 55, 15]

/** @param lines at least one, of at least one point each */
export function lineFigure(
  { name, title }: Words,
  lines: readonly Line[],
  { x: across, y: up }: Axes,
  colourOf: (line: Line) => string,
): Figure {
  const all = lines.flatMap((line) => line.points.map((point) => ({ ...point, line })))
  const [xs, ys] = [all.map((point) => point.x), all.map((point) => point.y)]
  const x: [number, number] = [minimum(xs), maximum(xs)]
  const y = up.domain ?? ([minimum(ys), maximum(ys)] as const)
  const height = Math.max(least, lineHeight * lines.length)
  const room = labelRoom(lines.map((line) => line.name))
  const stroke = ({ line }: { line: Line }) => colourOf(line)
  const ends = lines.map((line) => ({ name: line.name, colour: colourOf(line), ...line.points.at(-1)! }))
  const type = up.type ?? 'linear'
  return draw(name, title, [], {
    width: marginLeft + plotWidth + room,
    height: height + 60,
    marginLeft,
    marginRight: room,
    marginTop: 20,
    marginBottom: 40,
    grid: true,
    x: {
      label: across.label,
      domain: threaded(x, plotWidth),
      ...(across.ticks && { ticks: across.ticks, tickFormat: String }),
    },
    y: { label: up.label, domain: y, type },
    marks: [
      Plot.frame({ stroke: '#999' }),
      Plot.line(all, { x: 'x', y: 'y', z: ({ line }) => line.name, stroke, strokeWidth: 1.8 }),
      Plot.dot(all, { x: 'x', y: 'y', fill: stroke, r: 2.4 }),
      ...lineLabels(ends, { x, y, type, width: plotWidth, height }),
    ],
  })
}
