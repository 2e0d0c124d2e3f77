/** What an operator adds on every data set, a picture an operator. */

import { maximum, minimum } from '../../core/extremes.ts'
import { intervalMarks } from '../../report/axes.ts'
import { draw, type Figure, fileName, Plot, palette } from '../../report/plot.ts'
import { type Entry, entriesOf, groupBy, methodLabel, observation, type RunData } from '../../results/view.ts'
import { differenceInterval } from '../../stats/equivalence.ts'
import { mean } from '../../stats/mean.ts'
import { gainEstimate } from './gain.ts'

interface Gain {
  readonly name: string
  readonly value: number
  readonly low: number
  readonly high: number
  readonly colour: string
}

const colourOf = (low: number, high: number): string => {
  if (low > 0) return palette.blue
  return high < 0 ? palette.vermilion : palette.black
}

/** Mean over the cuts into folds; the interval is that of one cut, mean of its bounds: cuts of the same rows are no new data. */
function gainOf(name: string, entries: readonly Entry[]): Gain[] {
  const intervals = entries.flatMap(({ result }) => {
    const samples = observation(result, 'gain')?.samples
    return samples ? [{ value: mean(samples), ...differenceInterval(gainEstimate(samples), 0.95) }] : []
  })
  if (intervals.length === 0) return []
  const [value, low, high] = (['value', 'low', 'high'] as const).map((bound) =>
    mean(intervals.map((own) => own[bound])),
  )
  return [{ name, value, low, high, colour: colourOf(low, high) }]
}

const rowHeight = 17

function figureOf(method: string, entries: readonly Entry[]): Figure[] {
  const gains = [...groupBy(entries, ({ cell }) => cell.split)]
    .flatMap(([set, own]) => gainOf(set, own))
    .sort((a, b) => b.value - a.value)
  if (gains.length === 0) return []
  const values = gains.map(({ value }) => value)
  // One set with few rows has an interval that would press all others together: it is cut, and marked.
  const reach = 1.6 * Math.max(maximum(values), -minimum(values), 0.005)
  const [from, to] = [-reach, reach]
  return [
    draw(
      `label-ranking-${fileName(method)}`,
      `${method}: Spearman correlation less that of the same linear model without it`,
      [
        [palette.blue, 'adds'],
        [palette.black, 'not told apart (95 %)'],
        [palette.vermilion, 'takes away'],
      ],
      {
        width: 760,
        height: rowHeight * gains.length + 70,
        marginLeft: 100,
        marginBottom: 45,
        grid: true,
        x: { label: 'difference, test folds, with its 95 % interval; arrows: it goes on', domain: [from, to] },
        y: { label: null, domain: gains.map(({ name }) => name), type: 'point' },
        marks: [
          Plot.frame({ stroke: '#999' }),
          Plot.ruleX([0]),
          ...intervalMarks(gains, from, to, (value) => value.toFixed(3)),
        ],
      },
    ),
  ]
}

export const labelRankingFigures = (run: RunData): Figure[] =>
  [...groupBy(entriesOf(run, 'label-ranking'), ({ cell }) => methodLabel(run, cell))].flatMap(([method, entries]) =>
    figureOf(method, entries),
  )
