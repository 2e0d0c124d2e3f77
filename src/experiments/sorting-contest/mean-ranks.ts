/** Mean rank of each operator over the seeds of all lengths: a block is what one seed made of one length. */

import { randomStream } from '../../core/random.ts'
import { rankLines, rankValue } from '../../report/mean-ranks.ts'
import { left, type ReportTable, right, text } from '../../report/table.ts'
import type { RunData } from '../../results/view.ts'
import { type RankedBlocks, rankBlocks } from '../../stats/mean-ranks.ts'
import { fields, sortedBySeed } from './contest.ts'

interface RankedSorters extends RankedBlocks {
  readonly names: readonly string[]
  readonly datasets: readonly string[]
}

const fewest = 2

function ranked(run: RunData): RankedSorters | undefined {
  const all = fields(run)
  const everywhere = (all[0]?.sorters ?? [])
    .map(({ name }) => name)
    .filter((name) => all.every(({ sorters }) => sorters.some((sorter) => sorter.name === name)))
  const blocks = all.flatMap(({ sorters, seeds }) => {
    const values = everywhere.map(
      (name) => sortedBySeed(sorters.find((sorter) => sorter.name === name)!.entries, seeds)!,
    )
    return seeds.map((_, seed) => values.map((bySeed) => bySeed[seed]))
  })
  if (everywhere.length < fewest || blocks.length < fewest) return undefined
  return {
    ...rankBlocks(blocks, randomStream(0, 'mean ranks')),
    names: everywhere,
    datasets: all.map(({ dataset }) => dataset),
  }
}

const known = new WeakMap<RunData, RankedSorters | undefined>()

/** Operators that competed on every length; undefined below two of them or two blocks. Computed once a run. */
export function rankedSorters(run: RunData): RankedSorters | undefined {
  if (!known.has(run)) known.set(run, ranked(run))
  return known.get(run)
}

export function rankTable(run: RunData): ReportTable | undefined {
  const all = rankedSorters(run)
  if (!all) return undefined
  const { names, datasets, meanRanks, blocks } = all
  const order = names.map((_, i) => i).sort((i, j) => meanRanks[i] - meanRanks[j])
  return {
    id: 'sorting-contest/ranks',
    title: `Mean ranks over ${datasets.join(' and ')}`,
    about: [
      `${blocks} blocks (a seed of a length each), ${names.length} operators, 1 is best; interval: 95 %, test sequences drawn again`,
      ...rankLines(all, 'networks of one seed start from the same weights and see the same batches'),
    ],
    columns: [left('operator'), right('mean rank')],
    rows: order.map((i) => [text(names[i]), rankValue(all, i)]),
    notes: [],
  }
}
