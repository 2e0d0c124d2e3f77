/** Spearman correlation of every data set under every operator, beside that of the same model without one. */

import { withoutOperator } from '../../core/method-ref.ts'
import { formatMetric } from '../../report/numbers.ts'
import { dash, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { markedValue, missingValue } from '../../report/values.ts'
import { computedLine } from '../../results/computed.ts'
import {
  absenceNotes,
  type Entry,
  entriesOf,
  experimentLabel,
  groupBy,
  methodLabel,
  observation,
  type RunData,
} from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { level } from './gain.ts'

/** Mean over seeds; undefined where none has it. */
function meanOf(entries: readonly Entry[], metric: string): number | undefined {
  const values = entries.flatMap(({ result }) => observation(result, metric)?.value ?? [])
  return values.length === 0 ? undefined : mean(values)
}

/** `+` where the operator adds under every seed, `-` where it takes away. */
function markOf(entries: readonly Entry[]): string {
  if (meanOf(entries, 'sets.better') === 1) return '+'
  return meanOf(entries, 'sets.worse') === 1 ? '-' : ''
}

function agreementValue(entries: readonly Entry[] | undefined): Value {
  if (!entries) return dash
  const value = meanOf(entries, 'spearman')
  if (value === undefined) return missingValue(entries[0].result)
  return markedValue(value, formatMetric(value), markOf(entries))
}

/** `15/4/2`, how many sets are better, equal and worse, one a seed. */
function countsValue(entries: readonly Entry[]): Value {
  const bySeed = [...groupBy(entries, ({ cell }) => String(cell.seed)).values()]
  const sum = (own: readonly Entry[], metric: string) =>
    own.reduce((total, { result }) => total + (observation(result, metric)?.value ?? 0), 0)
  return text(
    bySeed.map((own) => ['better', 'equal', 'worse'].map((word) => sum(own, `sets.${word}`)).join('/')).join(' '),
  )
}

/** Cuts into folds that every operator has: values of others are of other test rows. All, where they share none. */
function sharedSeeds(groups: Iterable<readonly Entry[]>): (entry: Entry) => boolean {
  const seeds = [...groups].map((own) => new Set(own.map(({ cell }) => cell.seed)))
  const shared = new Set([...(seeds[0] ?? [])].filter((seed) => seeds.every((own) => own.has(seed))))
  return ({ cell }) => shared.size === 0 || shared.has(cell.seed)
}

function tableOf(run: RunData, label: string, all: readonly Entry[]): ReportTable {
  const byMethod = groupBy(all, ({ cell }) => methodLabel(run, cell))
  const methods = [...byMethod.keys()]
  const entries = all.filter(sharedSeeds(byMethod.values()))
  const bySet = groupBy(entries, ({ cell }) => cell.split)
  const seeds = [...new Set(entries.map(({ cell }) => cell.seed))]
  const rows = [...bySet].map(([set, own]) => {
    const plain = meanOf(own, 'spearman.plain')
    const cells = groupBy(own, ({ cell }) => methodLabel(run, cell))
    return [
      text(set),
      plain === undefined ? dash : { text: formatMetric(plain), data: plain },
      ...methods.map((method) => agreementValue(cells.get(method))),
    ]
  })
  return {
    id: `label-ranking/${label}`,
    title: `Ranking labels: ${label}`,
    about: [
      `Spearman correlation of a linear model with the true order, mean over the test folds of the cuts that every operator has (seed ${seeds.join(', ')}); penalties chosen on folds of the other rows`,
      `+ the operator adds to the same model without it, - it takes away, under each of these cuts: t-test over folds, corrected for what folds share, p below ${level} a data set`,
      'counts: data sets that are better/equal/worse than without, one count a cut, other cuts than these too',
      ...computedLine(run, entries),
      run.machine,
    ],
    columns: [left('data set'), right('none'), ...methods.map((method) => right(withoutOperator(method)))],
    rows: [...rows, [text('better/equal/worse'), dash, ...methods.map((method) => countsValue(byMethod.get(method)!))]],
    rowKeys: [...[...bySet.values()].map((own) => own.map(({ key }) => key)), []],
    notes: absenceNotes(run, entries),
  }
}

/** One an experiment with its settings. */
export const labelRankingTables = (run: RunData): ReportTable[] =>
  [...groupBy(entriesOf(run, 'label-ranking'), ({ cell }) => experimentLabel(run, cell))].map(([label, entries]) =>
    tableOf(run, label, entries),
  )
