/** How accuracy on the validation sequences grew, a picture a data set. */

import { minimum } from '../../core/extremes.ts'
import { draw, type Figure, fileName, Plot, palette } from '../../report/plot.ts'
import { type Entry, groupBy, methodLabel, observation, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { sortingGroups } from './table.ts'

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

/** Mean over seeds, as far as the shortest training went. */
function curveOf(method: string, entries: readonly Entry[]) {
  const curves = entries.flatMap(({ result }) => {
    const samples = observation(result, 'curve:validation')?.samples
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

function figureOf(run: RunData, label: string, entries: readonly Entry[]): Figure[] {
  const points = [...groupBy(entries, ({ cell }) => methodLabel(run, cell))].flatMap(([method, own]) =>
    curveOf(method, own),
  )
  if (points.length === 0) return []
  const methods = [...new Set(points.map(({ method }) => method))]
  const colourOf = ({ method }: { method: string }) => colours[methods.indexOf(method) % colours.length]
  const legend = methods.map((method) => [colourOf({ method }), method] as const)
  return [
    draw(`sequence-sorting-${fileName(label)}`, `${label}: share of validation sequences that are sorted`, legend, {
      width: Math.max(
        760,
        legend.reduce((sum, [, method]) => sum + 34 + 7 * method.length, 60),
      ),
      height: 380,
      marginLeft: 50,
      marginBottom: 40,
      grid: true,
      x: { label: 'step' },
      y: { label: 'sequences all of whose numbers are in their places', domain: [0, 1] },
      marks: [
        Plot.frame({ stroke: '#999' }),
        Plot.line(points, { x: 'step', y: 'value', z: 'method', stroke: colourOf, strokeWidth: 1.8 }),
        Plot.dot(points, { x: 'step', y: 'value', fill: colourOf, r: 2.2 }),
      ],
    }),
  ]
}

export const sortingFigures = (run: RunData): Figure[] =>
  sortingGroups(run).flatMap(([label, entries]) => figureOf(run, label, entries))
