/** Lines with their names at their right ends. */

import { maximum, minimum } from '../core/extremes.ts'
import { shareDomain } from './axes.ts'
import { labelRoom, lineLabels, threaded } from './line-labels.ts'
import { draw, type Figure, Plot, seriesColour, seriesDash } from './plot.ts'

export interface Line {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

interface Axes {
  readonly x: { readonly label: string; readonly ticks?: readonly number[] }
  /** As far as the values go; `share`: they lie between 0 and 1. */
  readonly y: { readonly label: string; readonly type?: 'linear' | 'log' | 'share' }
}

interface Words {
  /** Of the file. */
  readonly name: string
  readonly title: string
}

/** Pixels. */
const [plotWidth, least, marginLeft, lineHeight] = [560, 380, 55, 15]

/** @param lines at least one, of at least one point each @param seriesOf lines of one number look alike; default: no two do */
export function lineFigure(
  { name, title }: Words,
  lines: readonly Line[],
  { x: across, y: up }: Axes,
  seriesOf: (line: Line) => number = (line) => lines.indexOf(line),
): Figure {
  const all = lines.flatMap((line) => line.points.map((point) => ({ ...point, line })))
  const [xs, ys] = [all.map((point) => point.x), all.map((point) => point.y)]
  const x: [number, number] = [minimum(xs), maximum(xs)]
  const y = up.type === 'share' ? shareDomain(ys) : ([minimum(ys), maximum(ys)] as const)
  const height = Math.max(least, lineHeight * lines.length)
  const room = labelRoom(lines.map((line) => line.name))
  const colourOf = (line: Line) => seriesColour(seriesOf(line))
  const stroke = ({ line }: { line: Line }) => colourOf(line)
  const ends = lines.map((line) => ({ name: line.name, colour: colourOf(line), ...line.points.at(-1)! }))
  const type = up.type === 'log' ? 'log' : 'linear'
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
      ...lines.map((line) =>
        Plot.line(line.points, {
          x: 'x',
          y: 'y',
          stroke: colourOf(line),
          strokeWidth: 1.8,
          strokeDasharray: seriesDash(seriesOf(line)),
        }),
      ),
      Plot.dot(all, { x: 'x', y: 'y', fill: stroke, r: 2.4 }),
      ...lineLabels(ends, { x, y, type, width: plotWidth, height }),
    ],
  })
}
