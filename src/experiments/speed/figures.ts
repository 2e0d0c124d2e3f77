/** Time against n, ours and theirs, one picture an operator family, with our own plain sort as the floor. */

import { countTick, logAxis, timeTick } from '../../report/axes.ts'
import { draw, type Figure, fileName, type Legend, Plot, palette } from '../../report/plot.ts'
import { entriesOf, observation, type RunData } from '../../results/view.ts'
import { type Pair, pairsOf } from '../pairs.ts'
import { familyOf, isPlainSort, passes, sizeOf, threadsOf } from './pairs.ts'

interface PlotPoint {
  readonly n: number
  /** Nanoseconds a call, with the bounds of its interval. */
  readonly time: number
  readonly low: number
  readonly high: number
}

const colours: Readonly<Record<string, string>> = {
  ours: palette.blue,
  torchsort: palette.vermilion,
  torch: palette.vermilion,
  reference: palette.orange,
  floor: palette.grey,
}

const words: Readonly<Record<string, string>> = {
  ours: 'rank-bench',
  torchsort: 'torchsort',
  torch: 'plain PyTorch',
  reference: 'our reference',
  floor: 'our plain sort alone',
}

const pointsOf = (entries: readonly (Pair['ours'] | undefined)[], metric: string): PlotPoint[] =>
  entries
    .flatMap((entry) => {
      const found = entry && observation(entry.result, metric)
      if (!entry || !found?.value) return []
      const { value: time, interval } = found
      return [{ n: sizeOf(entry.cell).n, time, low: interval?.low ?? time, high: interval?.high ?? time }]
    })
    .sort((a, b) => a.n - b.n)

/** Single rows in f32 on one thread: what a picture can compare. */
const isPlotted = ({ ours: { cell } }: Pair): boolean =>
  sizeOf(cell).batch === 1 &&
  cell.precision === 'f32' &&
  threadsOf(cell) === 1 &&
  cell.experiment.params.beside === 'torch'

function figureOf(family: string, pairs: readonly Pair[], floor: readonly PlotPoint[]): Figure | undefined {
  const own = pairs.filter(({ ours }) => familyOf(ours.cell) === family)
  const peer = own.find(({ theirs }) => theirs)?.theirs?.cell.system
  const lines = [
    {
      name: 'ours',
      points: pointsOf(
        own.map(({ ours }) => ours),
        passes.both,
      ),
    },
    ...(peer
      ? [
          {
            name: peer,
            points: pointsOf(
              own.map(({ theirs }) => theirs),
              passes.both,
            ),
          },
        ]
      : []),
    { name: 'floor', points: floor },
  ].filter(({ points }) => points.length > 1)
  if (!lines.some(({ name }) => name === 'ours')) return undefined
  const all = lines.flatMap(({ points }) => points)
  const legend: Legend = lines.map(({ name }) => [colours[name], words[name]])
  const marks = lines.flatMap(({ name, points }) => {
    const stroke = { stroke: colours[name], strokeWidth: 2, ...(name === 'floor' && { strokeDasharray: '5,4' }) }
    return [
      Plot.line(points, { x: 'n', y: 'time', ...stroke }),
      Plot.ruleX(points, { x: 'n', y1: 'low', y2: 'high', stroke: colours[name], strokeWidth: 1.2 }),
      Plot.dot(points, { x: 'n', y: 'time', fill: colours[name], r: 3 }),
    ]
  })
  return draw(`speed-${fileName(family)}`, `${family}: forward and backward, one row, f32, one thread`, legend, {
    width: 640,
    height: 420,
    marginLeft: 62,
    marginBottom: 44,
    grid: true,
    x: logAxis(
      all.map(({ n }) => n),
      'items of the row',
      countTick,
    ),
    y: logAxis(
      all.flatMap(({ low, high }) => [low, high]),
      'time a call, with 95 % interval',
      timeTick,
    ),
    marks,
  })
}

export function speedFigures(run: RunData): Figure[] {
  const pairs = pairsOf(entriesOf(run, 'speed')).filter(isPlotted)
  const floor = pointsOf(
    pairs.filter(({ ours }) => isPlainSort(ours.cell)).map(({ ours }) => ours),
    passes.forward,
  )
  const soft = pairs.filter(({ ours }) => !isPlainSort(ours.cell))
  const families = [...new Set(soft.map(({ ours }) => familyOf(ours.cell)))]
  return families.flatMap((family) => figureOf(family, pairs, floor) ?? [])
}
