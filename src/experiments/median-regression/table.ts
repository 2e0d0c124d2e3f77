/** How near to the median what was found is, by what the networks were trained with. */

import { isMethod } from '../../core/method-ref.ts'
import { significant } from '../../report/numbers.ts'
import { left, type ReportTable, right, text } from '../../report/table.ts'
import { computedLine } from '../../results/computed.ts'
import { absenceNotes, type Entry, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { seedsText, settingGroups } from '../training/groups.ts'
import { settingsLabel } from '../training/gumbel.ts'
import { chosenByValidation, type Tried } from '../training/tried.ts'
import { factValue, mayBeBest, samplesOf, sampleValue } from '../training/values.ts'

/** Settings of an operator are alternatives. */
export const medianChosen = (run: RunData, entries: readonly Entry[]): Tried[] =>
  chosenByValidation(run, entries, ({ cell }) => cell.method.name)

const shareText = (value: number): string => value.toFixed(3)

function tableOf(run: RunData, label: string, entries: readonly Entry[]): ReportTable {
  const tried = medianChosen(run, entries)
  const best = mayBeBest(tried.map((each) => samplesOf(each.entries, 'mse')?.map((error) => -error)))
  const rows = tried
    .map((each, i) => ({
      ...each,
      best: best[i],
      error: mean(samplesOf(each.entries, 'mse') ?? [Number.POSITIVE_INFINITY]),
    }))
    .sort((a, b) => a.error - b.error)
  return {
    id: `median-regression/${label}`,
    title: `Finding the median: ${label}`,
    about: [
      `test sequences, ${seedsText(entries)}; networks see the median only, and their weights of the least validation error are kept`,
      'MSE: squared distance from the median, in units of 10,000; R2: 1 - MSE over that of the mean; r^2: squared correlation; identified: sequences in which the picture with the median was chosen',
      'matrix operators weigh the numbers of one network by scores of another, quantile operators take the numbers of one; tried: settings of the operator, of which the validation error chose one',
      "* may be the best: not ruled out by Hsu's comparison with the best over the test sequences, 95 %",
      ...computedLine(
        run,
        entries.filter(({ cell }) => isMethod(cell.method)),
      ),
      run.machine,
    ],
    columns: [left('operator'), ...['MSE', 'R2', 'r^2', 'identified', 'best step', 'tried'].map(right)],
    rows: rows.map(({ label: operator, entries: own, best: marked, of }) => [
      text(operator),
      sampleValue(own, 'mse', marked, significant),
      factValue(own, 'r2', shareText),
      factValue(own, 'r2.correlation', shareText),
      factValue(own, 'identified', shareText),
      factValue(own, 'best-step', (step) => step.toFixed(0)),
      { text: String(of), data: of },
    ]),
    rowKeys: rows.map(({ entries: own }) => own.map(({ key }) => key)),
    notes: absenceNotes(run, entries),
  }
}

/** Cells by data set and settings. */
export const medianGroups = (run: RunData): [string, Entry[]][] =>
  settingGroups(run, 'median-regression', settingsLabel)

export const medianTables = (run: RunData): ReportTable[] =>
  medianGroups(run).map(([label, entries]) => tableOf(run, label, entries))
