/** R2 over the share of outliers, a panel a data set, a line a method. */

import { panels } from '../../report/panels.ts'
import { draw, type Figure, Plot, palette } from '../../report/plot.ts'
import { entriesOf, groupBy, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { foldsOf, methodName } from './table.ts'

const colours = [
  palette.black,
  palette.orange,
  palette.sky,
  palette.green,
  palette.blue,
  palette.vermilion,
  palette.purple,
]

/** Panels of a row, and pixels of one. */
const [columns, panelHeight] = [3, 230]

export function robustFigures(run: RunData): Figure[] {
  const entries = entriesOf(run, 'robust-regression')
  const groups = groupBy(entries, (entry) => JSON.stringify([entry.cell.dataset, methodName(run, entry)]))
  const points = [...groups.values()].flatMap((own) => {
    const folds = foldsOf(own)
    if (!folds) return []
    const { dataset } = own[0].cell
    return [
      {
        set: dataset.name,
        share: Number(dataset.params.outliers),
        method: methodName(run, own[0]),
        value: mean(folds),
      },
    ]
  })
  const sets = [...new Set(points.map(({ set }) => set))]
  const methods = [...new Set(points.map(({ method }) => method))]
  if (points.length === 0) return []
  const colourOf = ({ method }: { method: string }) => colours[methods.indexOf(method) % colours.length]
  const {
    place,
    options,
    rows,
    names: titles,
  } = panels(sets, columns, panelHeight, ({ set }: (typeof points)[number]) => set)
  return [
    draw(
      'robust-regression',
      'R2 on clean numbers against the share of outliers among what was fitted',
      methods.map((method) => [colourOf({ method }), method]),
      {
        width: 1000,
        height: panelHeight * rows + 50,
        marginLeft: 45,
        ...options,
        marginBottom: 40,
        grid: true,
        x: { label: 'share of outliers', ticks: 5 },
        y: { label: 'R2 (worse than 0 is drawn at 0)', domain: [0, 1], clamp: true, ticks: 5 },
        marks: [
          Plot.frame({ stroke: '#999' }),
          Plot.line(points, { x: 'share', y: 'value', z: 'method', ...place, stroke: colourOf, strokeWidth: 1.6 }),
          Plot.dot(points, { x: 'share', y: 'value', ...place, fill: colourOf, r: 2.5 }),
          titles,
        ],
      },
    ),
  ]
}
