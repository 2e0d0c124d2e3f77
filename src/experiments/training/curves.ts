/** How networks did on the validation part, look after look: a line a method, mean over seeds. */

import { minimum } from '../../core/extremes.ts'
import { draw, type Figure, fileName, Plot, palette } from '../../report/plot.ts'
import { type Entry, groupBy, methodLabel, observation, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { validationCurve } from './outcome.ts'

const colours = [
  palette.blue,
  palette.vermilion,
  palette.green,
  palette.orange,
  palette.purple,
  palette.sky,
  palette.black,
  palette.grey,
]

interface Picture {
  /** Of the file. */
  readonly name: string
  readonly title: string
  /** Label of the vertical axis. */
  readonly axis: string
  /** Default: as far as the values go. */
  readonly domain?: readonly [low: number, high: number]
  readonly scale?: 'linear' | 'log'
}

/** Mean over seeds, as far as the shortest training went. */
function curveOf(method: string, entries: readonly Entry[]) {
  const curves = entries.flatMap(({ result }) => {
    const samples = observation(result, validationCurve)?.samples
    return samples ? [samples] : []
  })
  if (curves.length === 0) return []
  const every = Number(entries[0].cell.experiment.params.check)
  return Array.from({ length: minimum(curves.map(({ length }) => length)) }, (_, look) => ({
    method,
    step: look * every,
    value: mean(curves.map((curve) => curve[look])),
  }))
}

/** No picture where nothing was measured. */
export function curveFigure(
  run: RunData,
  entries: readonly Entry[],
  { name, title, axis, domain, scale = 'linear' }: Picture,
): Figure[] {
  const points = [...groupBy(entries, ({ cell }) => methodLabel(run, cell))].flatMap(([method, own]) =>
    curveOf(method, own),
  )
  if (points.length === 0) return []
  const methods = [...new Set(points.map(({ method }) => method))]
  const colourOf = ({ method }: { method: string }) => colours[methods.indexOf(method) % colours.length]
  const legend = methods.map((method) => [colourOf({ method }), method] as const)
  return [
    draw(fileName(name), title, legend, {
      width: Math.max(
        760,
        legend.reduce((sum, [, method]) => sum + 34 + 7 * method.length, 60),
      ),
      height: 380,
      marginLeft: 50,
      marginBottom: 40,
      grid: true,
      x: { label: 'step' },
      y: { label: axis, type: scale, ...(domain && { domain }) },
      marks: [
        Plot.frame({ stroke: '#999' }),
        Plot.line(points, { x: 'step', y: 'value', z: 'method', stroke: colourOf, strokeWidth: 1.8 }),
        Plot.dot(points, { x: 'step', y: 'value', fill: colourOf, r: 2.2 }),
      ],
    }),
  ]
}
