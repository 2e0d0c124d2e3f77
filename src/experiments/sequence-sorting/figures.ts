/** How accuracy grew, how it falls with the length of sequences, and what sequences came out as. */

import { type Line, lineFigure } from '../../report/line-figure.ts'
import { formatMetric } from '../../report/numbers.ts'
import { type Figure, fileName } from '../../report/plot.ts'
import { datasetLabel, type Entry, entriesOf, groupBy, observation, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { curveFigure } from '../training/curves.ts'
import { operatorName, settingsLabel } from '../training/gumbel.ts'
import { exampleFigure, type Sorting, spreadOf } from './example-figure.ts'
import { examplesOf } from './examples.ts'
import { sortingGroups } from './table.ts'

function curvesFigure(run: RunData, label: string, entries: readonly Entry[]): Figure[] {
  const picture = {
    name: `sequence-sorting-${label}`,
    title: `${label}: how training went`,
    axis: 'validation sequences that are sorted',
    scale: 'share',
  } as const
  return curveFigure(run, entries, picture)
}

const accuracyOf = (entries: readonly Entry[]): number | undefined => {
  const found = entries.flatMap(({ result }) => observation(result, 'permutation-accuracy')?.value ?? [])
  return found.length === 0 ? undefined : mean(found)
}

const lengthOf = ({ cell }: Entry): number => Number(cell.dataset.params.n)

/** The data set at any length. */
const withoutLength = ({ cell }: Entry): string => {
  const { n: _, ...params } = cell.dataset.params
  return JSON.stringify([cell.dataset.name, params])
}

export const lengthAxes = (ticks: readonly number[]) =>
  ({
    x: { label: 'numbers in a sequence', ticks },
    y: { label: 'test sequences that are sorted', type: 'share' },
  }) as const

/** Settings that are the same at every length say what is compared. */
function lengthFigure(run: RunData, entries: readonly Entry[]): Figure[] {
  const lines = [...groupBy(entries, ({ cell }) => operatorName(run, cell))].flatMap(([name, own]): Line[] => {
    const points = [...groupBy(own, (entry) => String(lengthOf(entry)))]
      .flatMap(([n, cells]) => {
        const y = accuracyOf(cells)
        return y === undefined ? [] : [{ x: Number(n), y }]
      })
      .sort((a, b) => a.x - b.x)
    return points.length > 1 ? [{ name, points }] : []
  })
  if (lines.length === 0) return []
  const ticks = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b)
  const label = `${datasetLabel(run, entries[0].cell).replace(/,?n=\d+/, '')}, ${settingsLabel(run, entries[0].cell)}`
  return [
    lineFigure(
      {
        name: `sequence-sorting-lengths-${fileName(label)}`,
        title: `${label}: accuracy against the length of sequences`,
      },
      lines,
      lengthAxes(ticks),
    ),
  ]
}

/** What a cell kept of its first test sequences. */
const examplesIn = ({ cell, result }: Entry): Sorting['sequences'] =>
  examplesOf(Number(cell.dataset.params.n), (metric) => observation(result, metric)?.samples)

/** @param named entries of one seed by what they are called, the most accurate first */
export function examplesFigure(
  label: string,
  named: readonly { readonly name: string; readonly entry: Entry }[],
): Figure[] {
  const known = named.filter(({ entry }) => examplesIn(entry).length > 0)
  if (known.length === 0) return []
  const sortings = spreadOf(known).map(({ name, entry }) => ({
    label: `${name} (${formatMetric(accuracyOf([entry]) ?? 0)})`,
    sequences: examplesIn(entry),
  }))
  const few = known.length > 3 ? ', by the best, a middling and the last operator' : ''
  const title = `${label}: the first test sequences${few} (accuracy on all of them)`
  return [exampleFigure(`sequences-${fileName(label)}`, title, sortings)]
}

function examplesOfGroup(run: RunData, label: string, entries: readonly Entry[]): Figure[] {
  const { seed } = entries[0].cell
  const named = entries
    .filter(({ cell }) => cell.seed === seed)
    .map((entry) => ({ name: operatorName(run, entry.cell), entry }))
    .sort((a, b) => (accuracyOf([b.entry]) ?? -1) - (accuracyOf([a.entry]) ?? -1))
  return examplesFigure(label, named)
}

export function sortingFigures(run: RunData): Figure[] {
  const groups = sortingGroups(run)
  const lengths = groupBy(entriesOf(run, 'sequence-sorting'), (entry) =>
    [withoutLength(entry), settingsLabel(run, entry.cell)].join(' '),
  )
  return [
    ...groups.flatMap(([label, entries]) => examplesOfGroup(run, label, entries)),
    ...groups.flatMap(([label, entries]) => curvesFigure(run, label, entries)),
    ...[...lengths.values()].flatMap((entries) => lengthFigure(run, entries)),
  ]
}
