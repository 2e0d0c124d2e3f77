/** How often the true class is among the first k, by what the network was trained with. */

import { formatMetric } from '../../report/numbers.ts'
import { dash, left, type ReportTable, right, text } from '../../report/table.ts'
import { computedLine } from '../../results/computed.ts'
import { absenceNotes, type Entry, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { seedsText, settingGroups } from '../training/groups.ts'
import { chosenByValidation, type Tried } from '../training/tried.ts'
import { factValue, mayBeBest, samplesOf, sampleValue } from '../training/values.ts'

const metrics = ['top-1', 'top-3', 'top-5']

/** What is trained for: k of an operator; of a loss nothing, it stands first. */
export const trainedFor = ({ cell }: Entry): number => Number(cell.method.params.k ?? 0)

/** Settings besides k are alternatives. */
export const topkChosen = (run: RunData, entries: readonly Entry[]): Tried[] =>
  chosenByValidation(run, entries, (entry) => `${entry.cell.method.name} ${trainedFor(entry)}`)

function tableOf(run: RunData, label: string, entries: readonly Entry[]): ReportTable {
  const tried = topkChosen(run, entries)
  const best = metrics.map((metric) => mayBeBest(tried.map((each) => samplesOf(each.entries, metric))))
  const rows = tried
    .map((each, i) => ({
      ...each,
      marks: best.map((marks) => marks[i]),
      k: trainedFor(each.entries[0]),
      accuracy: mean(samplesOf(each.entries, `top-${trainedFor(each.entries[0]) || 1}`) ?? [-1]),
    }))
    .sort((a, b) => a.k - b.k || b.accuracy - a.accuracy)
  return {
    id: `topk-classification/${label}`,
    title: `Top-k classification: ${label}`,
    about: [
      `test pictures whose class is among the first 1, 3 and 5, ${seedsText(entries)}; a class that is as large as the true one stands before it`,
      'weights of the best validation accuracy at k, what is trained for, are kept (of a loss: 1); tried: settings of the operator, of which that accuracy chose one',
      "* may be the best of its column: not ruled out by Hsu's comparison with the best over the test pictures, 95 %",
      ...computedLine(run, entries),
      run.machine,
    ],
    columns: [left('operator'), ...['k', ...metrics, 'validation', 'best step', 'tried'].map(right)],
    rows: rows.map(({ label: operator, entries: own, marks, k, of }) => [
      text(operator),
      k === 0 ? dash : { text: String(k), data: k },
      ...metrics.map((metric, i) => sampleValue(own, metric, marks[i])),
      factValue(own, 'curve:validation', formatMetric),
      factValue(own, 'best-step', (step) => step.toFixed(0)),
      { text: String(of), data: of },
    ]),
    rowKeys: rows.map(({ entries: own }) => own.map(({ key }) => key)),
    notes: absenceNotes(run, entries),
  }
}

/** Cells by data set and settings. */
export const topkGroups = (run: RunData): [string, Entry[]][] => settingGroups(run, 'topk-classification')

export const topkTables = (run: RunData): ReportTable[] =>
  topkGroups(run).map(([label, entries]) => tableOf(run, label, entries))
