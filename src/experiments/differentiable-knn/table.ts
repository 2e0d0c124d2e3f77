/** How many pictures are classified right, by what taught the network where to put them. */

import { isMethod } from '../../core/method-ref.ts'
import { formatMetric } from '../../report/numbers.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { computedLine } from '../../results/computed.ts'
import { absenceNotes, type Entry, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { seedsText, settingGroups } from '../training/groups.ts'
import { settingsLabel } from '../training/gumbel.ts'
import { chosenByValidation, type Tried } from '../training/tried.ts'
import { factValue, mayBeBest, samplesOf, sampleValue } from '../training/values.ts'

/** Neighbours that vote; a loss of classes has none. */
const votersOf = ({ cell }: Entry): Value => {
  const { k } = cell.method.params
  return k === undefined ? { text: '–', data: null } : { text: String(k), data: Number(k) }
}

/** Settings besides k are alternatives. */
export const knnChosen = (run: RunData, entries: readonly Entry[]): Tried[] =>
  chosenByValidation(run, entries, ({ cell }) => `${cell.method.name} ${cell.method.params.k}`)

function tableOf(run: RunData, label: string, entries: readonly Entry[]): ReportTable {
  const tried = knnChosen(run, entries)
  const best = mayBeBest(tried.map((each) => samplesOf(each.entries, 'test-accuracy')))
  const rows = tried
    .map((each, i) => ({ ...each, best: best[i], accuracy: mean(samplesOf(each.entries, 'test-accuracy') ?? [-1]) }))
    .sort((a, b) => b.accuracy - a.accuracy)
  return {
    id: `differentiable-knn/${label}`,
    title: `Differentiable k nearest neighbours: ${label}`,
    about: [
      `test pictures, ${seedsText(entries)}; weights of the best validation accuracy are kept; of equal votes the class of the nearest counts`,
      'topk operators: neighbours in the embedding that they taught; pixels: neighbours of the pictures as they are; losses: the same network with classes on top, no neighbours; tried: settings of the operator, of which the validation accuracy chose one',
      "* may be the best: not ruled out by Hsu's comparison with the best over the test pictures, 95 %",
      ...computedLine(
        run,
        entries.filter(({ cell }) => isMethod(cell.method)),
      ),
      run.machine,
    ],
    columns: [left('operator'), ...['k', 'test-accuracy', 'validation', 'best step', 'tried'].map(right)],
    rows: rows.map(({ label: operator, entries: own, best: marked, of }) => [
      text(operator),
      votersOf(own[0]),
      sampleValue(own, 'test-accuracy', marked),
      factValue(own, 'curve:validation', formatMetric),
      factValue(own, 'best-step', (step) => step.toFixed(0)),
      { text: String(of), data: of },
    ]),
    rowKeys: rows.map(({ entries: own }) => own.map(({ key }) => key)),
    notes: absenceNotes(run, entries),
  }
}

/** Cells by data set and settings. */
export const knnGroups = (run: RunData): [string, Entry[]][] => settingGroups(run, 'differentiable-knn', settingsLabel)

export const knnTables = (run: RunData): ReportTable[] =>
  knnGroups(run).map(([label, entries]) => tableOf(run, label, entries))
