/** What the validation part chose, and how often it chose the edge of what it was offered: is the field a fair one? */

import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { type Entry, observation, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { median } from '../../stats/quantile.ts'
import { type Ranker, type RankerGroup, rankerGroups } from './rankers.ts'

/** The values of a fact of the training over cells; cells without it are left out. */
const valuesOf = (entries: readonly Entry[], fact: string): number[] =>
  entries.flatMap(({ result }) => observation(result, fact)?.value ?? [])

const plain = (value: number): Value => ({ text: String(value), data: value })

/** `14 %` */
function share(values: readonly number[], counts: (value: number) => boolean): Value {
  const part = mean(values.map((value) => (counts(value) ? 1 : 0)))
  return { text: `${Math.round(100 * part)} %`, data: part }
}

const lowest = (edge: number): boolean => edge === -1
const highest = (edge: number): boolean => edge === 1
const isOne = (value: number): boolean => value === 1

function row({ name, entries }: Ranker): Value[] {
  const values = (fact: string) => valuesOf(entries, fact)
  const edges = (fact: string) => {
    const found = values(`edge:${fact}`)
    return [share(found, lowest), share(found, highest)]
  }
  const [, decayedMost] = edges('weight-decay')
  return [
    text(name),
    plain(median(values('trials'))),
    { text: String(values('trials-diverged').reduce((sum, count) => sum + count, 0)), data: null },
    plain(median(values('learning-rate'))),
    ...edges('learning-rate'),
    plain(median(values('softness-factor'))),
    ...edges('softness-factor'),
    decayedMost,
    plain(median(values('best-step'))),
    share(values('stopped-by-cap'), isOne),
  ]
}

const columns = [
  left('ranker'),
  right('trials'),
  right('diverged'),
  right('rate'),
  right('lowest'),
  right('highest'),
  right('softness'),
  right('lowest'),
  right('highest'),
  right('most decay'),
  right('best step'),
  right('at the cap'),
]

/** Grids are written with x between their values. */
const grid = (value: unknown): string => String(value).split('x').join(', ')

function table({ label, scorer, dataset, cell, rankers }: RankerGroup): ReportTable {
  const { params } = cell.experiment
  return {
    id: `choices/${scorer}/${dataset}`,
    title: `What the validation part chose: ${label} on ${dataset}`,
    about: [
      `${params.trials} trials a cell, most ${params.steps} steps of ${params.batch} lists each; ${params.select} of the validation part chooses trial and step`,
      `offered: rates ${grid(params['learning-rates'])}; factors on the own softness ${grid(params.softness)}; weight decays ${grid(params['weight-decays'])}`,
      'rate, softness, best step: medians over folds and seeds; lowest, highest, most decay: share of cells that chose this edge of what was offered; at the cap: share whose training more steps would have continued; diverged: trials given up in all cells',
    ],
    columns,
    rows: rankers.map(row),
    rowKeys: rankers.map(({ entries }) => entries.map(({ key }) => key)),
    notes: [],
  }
}

/** One table a scorer and data set, of rankers whose cells say what was chosen. */
export function choiceTables(run: RunData): ReportTable[] {
  return rankerGroups(run)
    .map((group) => ({
      ...group,
      rankers: group.rankers.filter(({ entries }) => valuesOf(entries, 'trials').length > 0),
    }))
    .filter(({ rankers }) => rankers.length > 0)
    .map(table)
}
