/** Pictures of the contest: accuracy, accuracy against cost and against length, learning, mean ranks, sequences. */

import { maximum, minimum } from '../../core/extremes.ts'
import { logAxis, timeTick } from '../../report/axes.ts'
import { lineFigure } from '../../report/line-figure.ts'
import { meanRankFigure } from '../../report/mean-ranks-figure.ts'
import { panels } from '../../report/panels.ts'
import { draw, type Figure, fileName, type Legend, Plot, palette, seriesColour } from '../../report/plot.ts'
import { spread } from '../../report/spread.ts'
import { observation, type RunData } from '../../results/view.ts'
import { examplesFigure, lengthAxes } from '../sequence-sorting/figures.ts'
import { curveOf } from '../training/curves.ts'
import { type Field, fields, type Sorter } from './contest.ts'
import { rankedSorters } from './mean-ranks.ts'
import { stepMetrics } from './step.ts'

const [rowHeight, labelWidth] = [17, 330]

/** The networks of every operator: their mean, and each by itself. */
function accuracyFigure({ dataset, label, sorters, seeds }: Field): Figure {
  const lines = sorters.map(({ name, bySeed, standing }) => ({
    name,
    mean: standing.mean,
    low: minimum(bySeed),
    high: maximum(bySeed),
    colour: standing.mayBeBest ? palette.blue : palette.vermilion,
  }))
  const single = sorters.flatMap(({ name, bySeed }) => bySeed.map((value) => ({ name, value })))
  const stroke = ({ colour }: (typeof lines)[number]) => colour
  return draw(
    `sorting-contest-${fileName(label)}`,
    `${dataset}: test sequences that are sorted`,
    [
      [palette.blue, "may be the best (Hsu's comparison with the best, 95 %)"],
      [palette.vermilion, 'is not the best'],
      [palette.grey, `each of ${seeds.length} seeds`],
    ],
    {
      width: 900,
      height: rowHeight * lines.length + 75,
      marginLeft: labelWidth,
      marginBottom: 45,
      grid: true,
      x: { label: 'share of the test sequences', domain: [0, 1] },
      y: { label: null, domain: lines.map(({ name }) => name), type: 'point' },
      marks: [
        Plot.frame({ stroke: '#999' }),
        Plot.ruleY(lines, { y: 'name', x1: 'low', x2: 'high', stroke, strokeWidth: 1.2 }),
        Plot.dot(single, { y: 'name', x: 'value', fill: palette.grey, stroke: '#888', strokeWidth: 0.6, r: 2.4 }),
        Plot.dot(lines, { y: 'name', x: 'mean', fill: stroke, r: 3.8 }),
      ],
    },
  )
}

/** Operators of one family have one colour. */
const familyOf = ({ entries: [{ cell }] }: Sorter): string => cell.method.method

interface Priced {
  readonly name: string
  readonly family: string
  /** Relaxed permutations; the others are soft ranks. */
  readonly isMatrix: boolean
  readonly panel: string
  readonly time: number
  readonly sorted: number
}

function pricesOf({ dataset, sorters }: Field): Priced[] {
  return sorters.flatMap((sorter) => {
    const found = sorter.timed && observation(sorter.timed.result, stepMetrics.loss)
    const { name, standing, entries } = sorter
    const isMatrix = entries[0].cell.method.operator === 'matrix'
    return found
      ? [{ name, family: familyOf(sorter), isMatrix, panel: dataset, time: found.value, sorted: standing.mean }]
      : []
  })
}

/** Those that are beaten by nobody who costs as little, the cheapest first. */
function frontOf(points: readonly Priced[]): Priced[] {
  const ordered = [...points].sort((a, b) => a.time - b.time || b.sorted - a.sorted)
  let best = Number.NEGATIVE_INFINITY
  return ordered.filter(({ sorted }) => {
    if (sorted <= best) return false
    best = sorted
    return true
  })
}

const [panelHeight, priceWidth] = [430, 1000]

/** Names of the front, below one another at the side where it is steep. */
function frontLabels(front: readonly Priced[]) {
  const perPixel = 1 / (panelHeight - 60)
  const places = spread(
    front.map(({ sorted }) => sorted),
    15 * perPixel,
    0.02,
    0.98,
  )
  return front.map((point, i) => ({ ...point, place: places[i] }))
}

const axes = { x: 'time', y: 'sorted' }

type Colour = (point: Priced) => string
type Place = ReturnType<typeof panels<Priced>>['place']

const pointMarks = (points: readonly Priced[], place: Place, colour: Colour) =>
  Plot.dot(points, {
    ...axes,
    ...place,
    r: 4.5,
    fill: (point: Priced) => (point.isMatrix ? colour(point) : 'white'),
    stroke: colour,
    strokeWidth: 2,
  })

/** The line of those that are beaten by nobody, and their names at the right, each with a thread to its point. */
function frontMarks(front: readonly Priced[], right: number, place: Place, colour: Colour): Plot.Markish[] {
  const labels = frontLabels(front)
  const thread = { stroke: colour, strokeWidth: 0.7, strokeOpacity: 0.6 }
  return [
    Plot.line(front, { ...axes, ...place, stroke: '#888', curve: 'step-after' }),
    Plot.link(labels, { x1: 'time', y1: 'sorted', x2: right, y2: 'place', ...place, ...thread }),
    Plot.text(labels, { x: right, y: 'place', ...place, text: 'name', textAnchor: 'start', dx: 5, fill: colour }),
  ]
}

function costFigure(all: readonly Field[]): Figure[] {
  const points = all.flatMap(pricesOf)
  if (points.length === 0) return []
  const families = [...new Set(points.map(({ family }) => family))].sort()
  const colour = ({ family }: { family: string }) => seriesColour(families.indexOf(family))
  const datasets = [...new Set(points.map(({ panel }) => panel))]
  const times = points.map(({ time }) => time)
  const axis = logAxis(times, 'time of the loss of a batch and its gradient', timeTick, 1.5)
  const [, right] = axis.domain as number[]
  const { place, options, rows, names } = panels(datasets, 1, panelHeight, ({ panel }: Priced) => panel)
  const fronts = datasets.map((dataset) => frontOf(points.filter(({ panel }) => panel === dataset)))
  const legend: Legend = [
    ...families.map((family) => [colour({ family }), family] as const),
    ['#fff', 'filled: relaxed permutations, hollow: soft ranks; line: nobody is as accurate at that cost'],
  ]
  return [
    draw('sorting-contest-cost', 'Accuracy against the cost of the operator in a step', legend, {
      width: priceWidth,
      height: panelHeight * rows + 50,
      marginLeft: 55,
      marginRight: labelWidth,
      marginBottom: 45,
      ...options,
      grid: true,
      x: axis,
      y: { label: 'test sequences that are sorted', domain: [0, 1] },
      marks: [
        Plot.frame({ stroke: '#999' }),
        pointMarks(points, place, colour),
        ...fronts.flatMap((front) => frontMarks(front, right, place, colour)),
        names,
      ],
    }),
  ]
}

/** Only where the settings are the same: lengths are then what differs. */
function lengthFigure(all: readonly Field[]): Figure[] {
  const names = [...new Set(all.flatMap(({ sorters }) => sorters.map(({ name }) => name)))]
  const sortersOf = (name: string) =>
    all.flatMap(({ n, sorters }) => sorters.filter((sorter) => sorter.name === name).map((sorter) => ({ n, sorter })))
  const lines = names
    .map((name) => ({
      name,
      family: familyOf(sortersOf(name)[0].sorter),
      points: sortersOf(name).map(({ n, sorter }) => ({ x: n, y: sorter.standing.mean })),
    }))
    .filter(({ points }) => points.length > 1)
  if (lines.length === 0) return []
  const families = [...new Set(lines.map(({ family }) => family))].sort()
  const familyByName = new Map(lines.map(({ name, family }) => [name, family]))
  return [
    lineFigure(
      {
        name: 'sorting-contest-lengths',
        title: 'Accuracy against the length of sequences; a colour a family',
      },
      lines,
      lengthAxes(all.map(({ n }) => n)),
      ({ name }) => families.indexOf(familyByName.get(name)!),
    ),
  ]
}

interface CurvePoint {
  readonly name: string
  readonly n: number
  readonly x: number
  readonly y: number
}

const [curveColumns, curveHeight] = [3, 170]

function curvesFigure(all: readonly Field[]): Figure[] {
  const points = all.flatMap(({ n, sorters }) =>
    sorters.flatMap(({ name, entries }) => curveOf(entries).map((point): CurvePoint => ({ name, n, ...point }))),
  )
  if (points.length === 0) return []
  const lengths = [...new Set(points.map(({ n }) => n))]
  const colour = ({ n }: CurvePoint) => seriesColour(lengths.indexOf(n))
  const names = [...new Set(points.map(({ name }) => name))]
  const {
    place,
    options,
    rows,
    names: titles,
  } = panels(names, curveColumns, curveHeight, ({ name }: CurvePoint) => name)
  return [
    draw(
      'sorting-contest-curves',
      'How the chosen trainings went, mean over seeds',
      lengths.map((n) => [seriesColour(lengths.indexOf(n)), `n = ${n}`]),
      {
        width: 1300,
        height: curveHeight * rows + 60,
        marginLeft: 50,
        ...options,
        grid: true,
        x: { label: 'step', ticks: 4 },
        y: { label: 'validation sequences that are sorted', domain: [0, 1], ticks: 4 },
        marks: [
          Plot.frame({ stroke: '#999' }),
          Plot.line(points, { x: 'x', y: 'y', z: 'n', ...place, stroke: colour, strokeWidth: 1.6 }),
          titles,
        ],
      },
    ),
  ]
}

/** Of the first seed. */
const examples = ({ dataset, sorters, seeds }: Field): Figure[] =>
  examplesFigure(
    dataset,
    sorters.flatMap(({ name, entries }) =>
      entries.filter(({ cell }) => cell.seed === seeds[0]).map((entry) => ({ name, entry })),
    ),
  )

export function contestFigures(run: RunData): Figure[] {
  const all = fields(run)
  const ranks = rankedSorters(run)
  return [
    ...all.flatMap(examples),
    ...all.map(accuracyFigure),
    ...costFigure(all),
    ...lengthFigure(all),
    ...(ranks
      ? [
          meanRankFigure(ranks, ranks.names, labelWidth, {
            name: 'sorting-contest-ranks',
            title: `Mean rank over ${ranks.blocks} seeds of ${ranks.datasets.join(' and ')}`,
            drawn: 'test sequences',
          }),
        ]
      : []),
    ...curvesFigure(all),
  ]
}
