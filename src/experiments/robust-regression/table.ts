/** R2 on clean numbers: a row a data set and share of outliers, a column a method. */

import { isMethod, withoutOperator } from '../../core/method-ref.ts'
import { dash, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { markedValue, missingValue } from '../../report/values.ts'
import { computedLine } from '../../results/computed.ts'
import {
  absenceNotes,
  datasetLabel,
  type Entry,
  entriesOf,
  experimentLabel,
  groupBy,
  methodLabel,
  observation,
  type RunData,
} from '../../results/view.ts'
import { differenceP } from '../../stats/equivalence.ts'
import { overlappingFoldsEstimate } from '../../stats/estimate.ts'
import { mean } from '../../stats/mean.ts'

const level = 0.05

/** R2 of every fold, mean over seeds; undefined where it was not measured. */
export function foldsOf(entries: readonly Entry[]): number[] | undefined {
  const samples = entries.flatMap(({ result }) => {
    const found = observation(result, 'r2')?.samples
    return found ? [found] : []
  })
  return samples.length === 0 ? undefined : samples[0].map((_, fold) => mean(samples.map((each) => each[fold])))
}

/** Whether a method is not told apart from the best of its row. */
function isBest(own: readonly number[], best: readonly number[]): boolean {
  const gain = best.map((value, fold) => value - own[fold])
  const estimate = overlappingFoldsEstimate(gain, 1 / (gain.length - 1))
  return estimate === undefined || mean(gain) <= 0 || differenceP(estimate) >= level
}

/** No model: what a linear one may be worse than by far, where outliers lead it. */
const formatR2 = (value: number): string => (value < -9.995 ? '< -10' : value.toFixed(3))

function r2Value(entries: readonly Entry[] | undefined, best: readonly number[] | undefined): Value {
  if (!entries) return dash
  const folds = foldsOf(entries)
  if (!folds) return missingValue(entries[0].result)
  const marked = best !== undefined && isBest(folds, best)
  return markedValue(mean(folds), formatR2(mean(folds)), marked ? '*' : '')
}

export function methodName(run: RunData, { cell }: Entry): string {
  const label = methodLabel(run, cell)
  return isMethod(cell.method) ? `soft trimmed: ${withoutOperator(label)}` : cell.method.method
}

function rowOf(run: RunData, dataset: string, own: readonly Entry[], methods: readonly string[]): Value[] {
  const byMethod = groupBy(own, (entry) => methodName(run, entry))
  const folds = methods.flatMap((method) => {
    const entries = byMethod.get(method)
    const found = entries && foldsOf(entries)
    return found ? [found] : []
  })
  const best = folds.length === 0 ? undefined : folds.reduce((top, each) => (mean(each) > mean(top) ? each : top))
  return [text(dataset), ...methods.map((method) => r2Value(byMethod.get(method), best))]
}

function tableOf(run: RunData, label: string, entries: readonly Entry[]): ReportTable {
  const methods = [...groupBy(entries, (entry) => methodName(run, entry)).keys()]
  const byData = groupBy(entries, ({ cell }) => datasetLabel(run, cell))
  return {
    id: `robust-regression/${label}`,
    title: `Linear models and outliers: ${label}`,
    about: [
      'R2 on clean numbers of the test folds, mean over folds; fitted and chosen on numbers of which a share (outliers=) are outliers',
      `* not told apart from the best of its row: t-test over folds, corrected for what folds share, p from ${level}`,
      'soft trimmed: least trimmed squares whose residuals a soft sort has sorted',
      ...computedLine(run, entries),
      run.machine,
    ],
    columns: [left('data set'), ...methods.map(right)],
    rows: [...byData].map(([dataset, own]) => rowOf(run, dataset, own, methods)),
    rowKeys: [...byData.values()].map((own) => own.map(({ key }) => key)),
    notes: absenceNotes(run, entries),
  }
}

/** One an experiment with its settings. */
export const robustTables = (run: RunData): ReportTable[] =>
  [...groupBy(entriesOf(run, 'robust-regression'), ({ cell }) => experimentLabel(run, cell))].map(([label, entries]) =>
    tableOf(run, label, entries),
  )
