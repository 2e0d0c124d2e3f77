/** Softness against what it costs and buys, all methods of an operator on one axis. */

import { draw, type Figure, type Legend, Plot, palette } from '../../report/plot.ts'
import type { RunData } from '../../results/view.ts'
import { type FidelityPoint, fidelityPoints } from './curves.ts'

const colours = [
  palette.blue,
  palette.vermilion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.black,
  '#8c564b',
  '#7f7f00',
  '#999999',
]
const dashes = ['none', '6,3', '2,2']

interface Panel {
  readonly name: string
  readonly title: string
  readonly x: Plot.ScaleOptions
  readonly y: Plot.ScaleOptions
  readonly at: (point: FidelityPoint) => readonly [x: number, y: number]
}

const panels: readonly Panel[] = [
  {
    name: 'fidelity-signal',
    title: 'signal to noise of the gradient against distance from the hard answer (arrows: beyond the picture)',
    x: { label: 'distance from the hard answer (0 hard, 1 as far as a constant)', domain: [0, 1.05] },
    y: { label: 'signal to noise of the gradient', type: 'log', domain: [0.05, 200], tickFormat: '~g' },
    at: ({ distance, snr }) => [distance, snr],
  },
  {
    name: 'fidelity-distance',
    title: 'distance from the hard answer against softness',
    x: { label: 'softness (values have standard deviation 1)', type: 'log', tickFormat: '~g' },
    y: { label: 'distance from the hard answer', domain: [0, 1.1] },
    at: ({ softness, distance }) => [softness, distance],
  },
]

interface Shown {
  readonly method: string
  readonly x: number
  readonly y: number
  /** The side of the picture that the point lies beyond: it is drawn at the edge, as an arrow. */
  readonly beyond: 'above' | 'below' | 'right' | undefined
}

const directions = [
  ['above', 0],
  ['below', 180],
  ['right', 90],
] as const

/** A point where it can be drawn; none where it is no number. */
function inView(
  method: string,
  [x, y]: readonly [number, number],
  xs: Plot.ScaleOptions,
  ys: Plot.ScaleOptions,
): Shown[] {
  if (!Number.isFinite(x) || Number.isNaN(y)) return []
  const [low, high] = ys.domain as readonly [number, number]
  const right = xs.domain ? (xs.domain as readonly [number, number])[1] : Number.POSITIVE_INFINITY
  const beyond = y > high ? 'above' : y < low ? 'below' : x > right ? 'right' : undefined
  return [{ method, x: Math.min(x, right), y: Math.min(high, Math.max(low, y)), beyond }]
}

function figure({ name, title, x, y, at }: Panel, operator: string, points: readonly FidelityPoint[]): Figure {
  const methods = [...new Set(points.map(({ method }) => method))]
  const colourOf = (method: string) => colours[methods.indexOf(method) % colours.length]
  const dashOf = (method: string) => dashes[Math.floor(methods.indexOf(method) / colours.length)]
  const legend: Legend = methods.map((method) => [colourOf(method), method])
  const shown = points.flatMap((point) => inView(point.method, at(point), x, y))
  const lines = methods.flatMap((method) => {
    const own = shown.filter((point) => point.method === method)
    const colour = colourOf(method)
    const place = { x: 'x', y: 'y' }
    return [
      Plot.line(own, { ...place, stroke: colour, strokeDasharray: dashOf(method), strokeWidth: 1.8 }),
      Plot.dot(
        own.filter(({ beyond }) => beyond === undefined),
        { ...place, r: 2.2, fill: colour },
      ),
      ...directions.map(([beyond, rotate]) =>
        Plot.dot(
          own.filter((point) => point.beyond === beyond),
          { ...place, symbol: 'triangle', rotate, r: 3.5, fill: colour },
        ),
      ),
    ]
  })
  return draw(`${name}-${operator}`, `${operator}: ${title}`, legend, {
    width: Math.max(760, 60 + legend.reduce((sum, [, method]) => sum + 34 + 7 * method.length, 0)),
    height: 460,
    marginLeft: 60,
    marginBottom: 45,
    grid: true,
    x,
    y,
    marks: [Plot.frame({ stroke: '#999' }), ...lines],
  })
}

/** Two pictures an operator. */
export function fidelityFigures(run: RunData): Figure[] {
  const points = fidelityPoints(run)
  const operators = [...new Set(points.map(({ operator }) => operator))]
  return operators.flatMap((operator) =>
    panels.map((panel) =>
      figure(
        panel,
        operator,
        points.filter((point) => point.operator === operator),
      ),
    ),
  )
}
