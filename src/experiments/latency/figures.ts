/** How long each operator takes, with its interval: a picture a data set and precision. */

import { intervalMarks, logAxis, timeTick } from '../../report/axes.ts'
import { draw, type Figure, fileName, Plot, palette } from '../../report/plot.ts'
import {
  datasetLabel,
  type Entry,
  entriesOf,
  groupBy,
  methodLabel,
  observation,
  type RunData,
} from '../../results/view.ts'

const passes = [
  { metric: 'time.forward', colour: palette.sky, meaning: 'forward' },
  { metric: 'time.forward+backward', colour: palette.blue, meaning: 'forward + backward, with 95 % intervals' },
] as const

const pointsOf = (run: RunData, entries: readonly Entry[]) =>
  passes.flatMap(({ metric, colour }) =>
    entries.flatMap(({ cell, result }) => {
      const found = observation(result, metric)
      if (!found) return []
      const { value, interval } = found
      return [
        { name: methodLabel(run, cell), value, low: interval?.low ?? value, high: interval?.high ?? value, colour },
      ]
    }),
  )

const fewest = 2

function figure(run: RunData, entries: readonly Entry[]): Figure[] {
  const points = pointsOf(run, entries)
  const longest = passes[1].colour
  const names = points
    .filter(({ colour }) => colour === longest)
    .sort((a, b) => a.value - b.value)
    .map(({ name }) => name)
  if (names.length < fewest) return []
  const { cell } = entries[0]
  const what = `${datasetLabel(run, cell)}, ${cell.precision}`
  const axis = logAxis(
    points.map(({ value }) => value),
    'time a call; arrows: the interval goes on',
    timeTick,
    2,
  )
  const [from, to] = axis.domain as [number, number]
  return [
    draw(
      `latency-${fileName(what)}`,
      `Time a call on ${what}`,
      passes.map(({ colour, meaning }) => [colour, meaning]),
      {
        width: 900,
        height: 18 * names.length + 75,
        marginLeft: 330,
        marginRight: 40,
        marginBottom: 45,
        grid: true,
        x: axis,
        y: { label: null, domain: names, type: 'point' },
        marks: [Plot.frame({ stroke: '#999' }), ...intervalMarks(points, from, to, timeTick)],
      },
    ),
  ]
}

export const latencyFigures = (run: RunData): Figure[] =>
  [
    ...groupBy(entriesOf(run, 'latency'), ({ cell }) => `${datasetLabel(run, cell)} ${cell.precision}`).values(),
  ].flatMap((entries) => figure(run, entries))
