/** How accuracy grew, how it falls with the length of sequences, and what sequences came out as. */

import { maximum, minimum } from '../../core/extremes.ts'
import { labelRoom, lineLabels, threaded } from '../../report/line-labels.ts'
import { formatMetric } from '../../report/numbers.ts'
import { draw, type Figure, fileName, Plot, seriesColour } from '../../report/plot.ts'
import {
  datasetLabel,
  type Entry,
  entriesOf,
  experimentLabel,
  groupBy,
  methodLabel,
  observation,
  type RunData,
} from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { exampleFigure, type Sorting, spreadOf } from './example-figure.ts'
import { examplesOf } from './examples.ts'
import { sortingGroups } from './table.ts'

interface Line {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

const [plotWidth, plotHeight, marginLeft] = [560, 380, 50]

/** Lines with their names at their right ends; a number is a share of sequences. */
export function lineFigure(
  name: string,
  title: string,
  lines: readonly Line[],
  axes: { readonly x: string; readonly y: string; readonly ticks?: readonly number[] },
  colourOf: (line: Line) => string,
): Figure {
  const all = lines.flatMap((line) => line.points.map((point) => ({ ...point, line })))
  const x: [number, number] = [minimum(all.map((point) => point.x)), maximum(all.map((point) => point.x))]
  const y: [number, number] = [0, 1]
  const height = Math.max(plotHeight, 15 * lines.length)
  const stroke = ({ line }: { line: Line }) => colourOf(line)
  const ends = lines.map((line) => ({ name: line.name, colour: colourOf(line), ...line.points.at(-1)! }))
  return draw(name, title, [], {
    width: marginLeft + plotWidth + labelRoom(lines.map((line) => line.name)),
    height: height + 60,
    marginLeft,
    marginRight: labelRoom(lines.map((line) => line.name)),
    marginTop: 20,
    marginBottom: 40,
    grid: true,
    x: { label: axes.x, domain: threaded(x, plotWidth), ...(axes.ticks && { ticks: axes.ticks, tickFormat: String }) },
    y: { label: axes.y, domain: y },
    marks: [
      Plot.frame({ stroke: '#999' }),
      Plot.line(all, { x: 'x', y: 'y', z: ({ line }) => line.name, stroke, strokeWidth: 1.8 }),
      Plot.dot(all, { x: 'x', y: 'y', fill: stroke, r: 2.4 }),
      ...lineLabels(ends, { x, y, width: plotWidth, height }),
    ],
  })
}

/** Mean over seeds, as far as the shortest training went. @param every steps between two looks */
export function curveOf(entries: readonly Entry[], every: number): Line['points'] {
  const curves = entries.flatMap(({ result }) => {
    const samples = observation(result, 'curve:validation')?.samples
    return samples ? [samples] : []
  })
  const looks = minimum(curves.map(({ length }) => length))
  if (curves.length === 0) return []
  return Array.from({ length: looks }, (_, look) => ({ x: look * every, y: mean(curves.map((curve) => curve[look])) }))
}

const checkOf = ([{ cell }]: readonly Entry[]): number => Number(cell.experiment.params.check)

function curvesFigure(run: RunData, label: string, entries: readonly Entry[]): Figure[] {
  const lines = [...groupBy(entries, ({ cell }) => methodLabel(run, cell))]
    .map(([name, own]) => ({ name, points: curveOf(own, checkOf(own)) }))
    .filter(({ points }) => points.length > 0)
  if (lines.length === 0) return []
  const title = `${label}: how training went`
  const axes = { x: 'step', y: 'validation sequences that are sorted' }
  return [
    lineFigure(`sequence-sorting-${fileName(label)}`, title, lines, axes, (line) => seriesColour(lines.indexOf(line))),
  ]
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

/** Settings that are the same at every length say what is compared. */
function lengthFigure(run: RunData, entries: readonly Entry[]): Figure[] {
  const lines = [...groupBy(entries, ({ cell }) => methodLabel(run, cell))].flatMap(([name, own]): Line[] => {
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
  const label = `${datasetLabel(run, entries[0].cell).replace(/,?n=\d+/, '')}, ${experimentLabel(run, entries[0].cell)}`
  return [
    lineFigure(
      `sequence-sorting-lengths-${fileName(label)}`,
      `${label}: accuracy against the length of sequences`,
      lines,
      { x: 'numbers in a sequence', y: 'test sequences that are sorted', ticks },
      (line) => seriesColour(lines.indexOf(line)),
    ),
  ]
}

/** What a cell kept of its first test sequences. */
export const examplesIn = ({ cell, result }: Entry): Sorting['sequences'] =>
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
    .map((entry) => ({ name: methodLabel(run, entry.cell), entry }))
    .sort((a, b) => (accuracyOf([b.entry]) ?? -1) - (accuracyOf([a.entry]) ?? -1))
  return examplesFigure(label, named)
}

export function sortingFigures(run: RunData): Figure[] {
  const groups = sortingGroups(run)
  const lengths = groupBy(entriesOf(run, 'sequence-sorting'), (entry) =>
    [withoutLength(entry), experimentLabel(run, entry.cell)].join(' '),
  )
  return [
    ...groups.flatMap(([label, entries]) => examplesOfGroup(run, label, entries)),
    ...groups.flatMap(([label, entries]) => curvesFigure(run, label, entries)),
    ...[...lengths.values()].flatMap((entries) => lengthFigure(run, entries)),
  ]
}
