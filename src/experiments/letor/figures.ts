/** Pictures of trained rankers: learning curves, the field of a data set, mean ranks over data sets. */

import { maximum, minimum } from '../../core/extremes.ts'
import { withoutOperator } from '../../core/method-ref.ts'
import { intervalMarks } from '../../report/axes.ts'
import { meanRankFigure } from '../../report/mean-ranks-figure.ts'
import { panels } from '../../report/panels.ts'
import { draw, type Figure, fileName, Plot, palette } from '../../report/plot.ts'
import { type Entry, groupBy, observationsOf, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { type Field, fields } from './field.ts'
import { type RankedRankers, rankedRankers } from './mean-ranks.ts'
import { type RankerGroup, rankerGroups } from './rankers.ts'

const prefix = 'curve:validation:'

interface CurvePoint {
  readonly name: string
  readonly split: string
  readonly step: number
  readonly value: number
}

/** Mean over seeds, as far as the shortest training went. */
function foldCurve(name: string, split: string, entries: readonly Entry[]): CurvePoint[] {
  const curves = entries.flatMap(({ result }) => {
    const found = observationsOf(result).find(({ metric }) => metric.startsWith(prefix))
    return found?.samples ? [found.samples] : []
  })
  const length = minimum(curves.map((curve) => curve.length))
  if (curves.length === 0) return []
  // Runs of before there was a budget in steps have a judgement after every epoch.
  const every = Number(entries[0].cell.experiment.params.check ?? 1)
  return Array.from({ length }, (_, look) => ({
    name,
    split,
    step: look * every,
    value: mean(curves.map((curve) => curve[look])),
  }))
}

/** Panels of a row, and pixels of one. */
const [columns, panelHeight] = [5, 165]

/** Apart for colour-blind readers, the commonest five first. */
const foldColours = [
  palette.blue,
  palette.orange,
  palette.green,
  palette.vermilion,
  palette.purple,
  palette.sky,
  palette.black,
]

function curves({ label, scorer, dataset, cell, rankers, entries }: RankerGroup): Figure[] {
  const points = rankers.flatMap(({ name, entries: own }) =>
    [...groupBy(own, ({ cell }) => cell.split)].flatMap(([split, cells]) =>
      foldCurve(withoutOperator(name).replace(/,.*/, ''), split, cells),
    ),
  )
  if (points.length === 0) return []
  const names = [...new Set(points.map(({ name }) => name))]
  const metric = observationsOf(entries[0].result)
    .find((each) => each.metric.startsWith(prefix))
    ?.metric.slice(prefix.length)
  const { place, options, rows, names: titles } = panels(names, columns, panelHeight, ({ name }: CurvePoint) => name)
  // The first steps climb from chance; what matters is above.
  const sorted = points.map(({ value }) => value).sort((a, b) => a - b)
  const low = sorted[Math.floor(0.05 * sorted.length)]
  const folds = [...new Set(points.map(({ split }) => split))].sort()
  const colourOf = ({ split }: { split: string }) => foldColours[folds.indexOf(split) % foldColours.length]
  return [
    draw(
      `curves-${fileName(`${dataset}-${scorer}`)}`,
      `${label} on ${dataset}: ${metric} of the validation part`,
      folds.map((split) => [colourOf({ split }), split === folds.at(-1) ? `${split} (means over seeds)` : split]),
      {
        width: 1050,
        height: panelHeight * rows + 60,
        marginLeft: 50,
        ...options,
        grid: true,
        x: { label: cell.experiment.params.check === undefined ? 'epoch' : 'step', ticks: 4 },
        y: { label: null, domain: [low, sorted.at(-1)!], clamp: true, ticks: 4 },
        marks: [
          Plot.frame({ stroke: '#999' }),
          Plot.line(points, { x: 'step', y: 'value', z: 'split', ...place, stroke: colourOf, strokeWidth: 1.2 }),
          titles,
        ],
      },
    ),
  ]
}

/** Short enough to stand beside a line; settings that differ are in the tables. */
const shortName = (name: string): string => withoutOperator(name).replace(/, letor\[[^\]]*\]/, ' †')

const rowHeight = 16
const labelWidth = 260

/** What each ranker has less than the best other, with its simultaneous interval. */
function fieldFigure({ dataset, metric, standings }: Field): Figure {
  const lines = standings.map(({ name, difference, low, high, mayBeBest, competitor }) => ({
    name: shortName(name),
    trained: competitor.scorer !== undefined,
    value: difference,
    low,
    high,
    colour: mayBeBest ? palette.blue : palette.vermilion,
  }))
  // A baseline far behind would press all others into a corner: it is cut there, marked and written out.
  const trained = lines.filter((line) => line.trained)
  const all = minimum(lines.map(({ low }) => low))
  const from = trained.length === 0 ? all : Math.max(all, 1.5 * minimum(trained.map(({ low }) => low)))
  const to = maximum(
    lines.map(({ high }) => high),
    0,
  )
  return draw(
    `field-${fileName(`${dataset}-${metric}`)}`,
    `${dataset}: ${metric} less that of the best other ranker`,
    [
      [palette.blue, "may be the best (Hsu's comparison with the best, 95 %)"],
      [palette.vermilion, 'is not the best'],
    ],
    {
      width: 900,
      height: rowHeight * lines.length + 75,
      marginLeft: labelWidth,
      marginBottom: 45,
      grid: true,
      x: {
        label: `difference in ${metric}, simultaneous 95 % interval, cut at 0 as the comparison defines it; arrows: it goes on`,
        domain: [from, to],
      },
      y: { label: null, domain: lines.map(({ name }) => name), type: 'point' },
      marks: [
        Plot.frame({ stroke: '#999' }),
        Plot.ruleX([0]),
        ...intervalMarks(lines, from, to, (value) => value.toFixed(3)),
      ],
    },
  )
}

const rankFigure = (ranked: RankedRankers): Figure =>
  meanRankFigure(ranked, ranked.names.map(shortName), labelWidth, {
    name: 'mean-ranks',
    title: `Mean rank by ${ranked.metric} over ${ranked.blocks} folds of ${ranked.datasets.join(' and ')}`,
    drawn: 'test queries',
  })

export function rankerFigures(run: RunData): Figure[] {
  const ranked = rankedRankers(run)
  return [
    ...rankerGroups(run).flatMap(curves),
    ...fields(run).map(fieldFigure),
    ...(ranked ? [rankFigure(ranked)] : []),
  ]
}
