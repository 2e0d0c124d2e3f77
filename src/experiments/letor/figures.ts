/** Pictures of trained rankers: learning curves, the field of a data set, mean ranks over data sets. */

import { maximum, minimum } from '../../core/extremes.ts'
import { withoutOperator } from '../../core/method-ref.ts'
import { intervalMarks } from '../../report/axes.ts'
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

const columns = 5

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
  const place = (name: string) => names.indexOf(name)
  const metric = observationsOf(entries[0].result)
    .find((each) => each.metric.startsWith(prefix))
    ?.metric.slice(prefix.length)
  const panel = {
    fx: ({ name }: { name: string }) => place(name) % columns,
    fy: ({ name }: { name: string }) => Math.floor(place(name) / columns),
  }
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
        height: 150 * Math.ceil(names.length / columns) + 60,
        marginLeft: 50,
        grid: true,
        x: { label: cell.experiment.params.check === undefined ? 'epoch' : 'step', ticks: 4 },
        y: { label: null, domain: [low, sorted.at(-1)!], clamp: true, ticks: 4 },
        fx: { axis: null },
        fy: { axis: null },
        marks: [
          Plot.frame({ stroke: '#999' }),
          Plot.line(points, { x: 'step', y: 'value', z: 'split', ...panel, stroke: colourOf, strokeWidth: 1.2 }),
          Plot.text(
            names.map((name) => ({ name })),
            { ...panel, text: 'name', frameAnchor: 'bottom-right', dx: -4, dy: -4, fontWeight: 'bold' },
          ),
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

/** Mean ranks with their intervals. */
function rankFigure({ names, meanRanks, intervals, metric, datasets, blocks }: RankedRankers): Figure {
  const lines = names
    .map((name, i) => ({ name: shortName(name), rank: meanRanks[i], ...intervals[i] }))
    .sort((a, b) => a.rank - b.rank)
  return draw(
    'mean-ranks',
    `Mean rank by ${metric} over ${blocks} folds of ${datasets.join(' and ')}`,
    [[palette.blue, 'with its 95 % interval, test queries drawn again']],
    {
      width: 900,
      height: rowHeight * lines.length + 75,
      marginLeft: labelWidth,
      marginBottom: 45,
      grid: true,
      x: { label: 'mean rank, 1 is best', domain: [1, names.length] },
      y: { label: null, domain: lines.map(({ name }) => name), type: 'point' },
      marks: [
        Plot.frame({ stroke: '#999' }),
        Plot.ruleY(lines, { y: 'name', x1: 'low', x2: 'high', stroke: palette.sky, strokeWidth: 1.6 }),
        Plot.dot(lines, { y: 'name', x: 'rank', fill: palette.blue, r: 3.5 }),
      ],
    },
  )
}

export function rankerFigures(run: RunData): Figure[] {
  const ranked = rankedRankers(run)
  return [
    ...rankerGroups(run).flatMap(curves),
    ...fields(run).map(fieldFigure),
    ...(ranked ? [rankFigure(ranked)] : []),
  ]
}
