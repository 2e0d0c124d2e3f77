/** Who competes: every operator on every length of sequences, with what it cost where that was timed. */

import { type Ranking, type Standing, standings } from '../../report/standings.ts'
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

const accuracy = 'permutation-accuracy'
const fewest = 2

/** An operator in one field. */
export interface Sorter {
  readonly name: string
  readonly entries: readonly Entry[]
  /** Cell of its timed step on the same sequences. */
  readonly timed: Entry | undefined
  /** Accuracy of the networks, one a seed. */
  readonly bySeed: readonly number[]
  readonly standing: Standing
}

/** Operators on the same test sequences. */
export interface Field {
  readonly dataset: string
  readonly n: number
  readonly label: string
  readonly entries: readonly Entry[]
  readonly seeds: readonly number[]
  readonly sequences: number
  /** The most accurate first. */
  readonly sorters: readonly Sorter[]
}

/** 1 a test sequence that is sorted, seed after seed; undefined where a seed has none. */
export function sortedBySeed(
  entries: readonly Entry[],
  seeds: readonly number[],
  metric = accuracy,
): number[][] | undefined {
  const found = seeds.map((seed) => {
    const own = entries.find(({ cell }) => cell.seed === seed)
    return own && observation(own.result, metric)?.samples
  })
  return found.every((samples) => samples !== undefined) ? found.map((samples) => [...samples!]) : undefined
}

const dataKey = ({ cell }: Entry): string => JSON.stringify(cell.dataset)

function fieldOf(run: RunData, label: string, entries: readonly Entry[]): Field[] {
  const timed = entriesOf(run, 'sorting-step').filter((entry) => dataKey(entry) === dataKey(entries[0]))
  const seeds = [...new Set(entries.map(({ cell }) => cell.seed))].sort((a, b) => a - b)
  const own = [...groupBy(entries, ({ cell }) => methodLabel(run, cell))].flatMap(([name, cells]) => {
    const bySeed = sortedBySeed(cells, seeds)
    return bySeed ? [{ name, entries: cells, values: bySeed }] : []
  })
  if (own.length < fewest) return []
  const rankings = own.map(({ name, values }): Ranking => ({ name, perQuery: values.flat() }))
  const { cell } = entries[0]
  return [
    {
      dataset: datasetLabel(run, cell),
      n: Number(cell.dataset.params.n),
      label,
      entries,
      seeds,
      sequences: rankings[0].perQuery.length,
      sorters: standings(accuracy, rankings).map((standing) => {
        const { name, entries: cells, values } = own.find((each) => each.name === standing.name)!
        const timing = timed.find((entry) => methodLabel(run, entry.cell) === name)
        return { name, entries: cells, timed: timing, bySeed: values.map((each) => mean(each)), standing }
      }),
    },
  ]
}

const known = new WeakMap<RunData, Field[]>()

/** One a data set and settings, shorter sequences first; of operators that have every seed. Compared once a run. */
export function fields(run: RunData): Field[] {
  const found =
    known.get(run) ??
    [
      ...groupBy(
        entriesOf(run, 'sorting-contest'),
        ({ cell }) => `${datasetLabel(run, cell)}, ${experimentLabel(run, cell)}`,
      ),
    ]
      .flatMap(([label, entries]) => fieldOf(run, label, entries))
      .sort((a, b) => a.n - b.n)
  known.set(run, found)
  return found
}
