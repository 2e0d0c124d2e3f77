/** How many sequences each operator has taught a network to sort. */

import { formatMetric } from '../../report/numbers.ts'
import { left, type ReportTable, right, text } from '../../report/table.ts'
import { computedLine } from '../../results/computed.ts'
import {
  absenceNotes,
  datasetLabel,
  type Entry,
  entriesOf,
  experimentLabel,
  groupBy,
  methodLabel,
  type RunData,
} from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { factValue, mayBeBest, samplesOf, sampleValue } from '../training/values.ts'

function tableOf(run: RunData, label: string, entries: readonly Entry[]): ReportTable {
  const byMethod = [...groupBy(entries, ({ cell }) => methodLabel(run, cell))]
  const best = mayBeBest(byMethod.map(([, own]) => samplesOf(own, 'permutation-accuracy')))
  const rows = byMethod
    .map(([method, own], i) => ({
      method,
      own,
      best: best[i],
      accuracy: mean(samplesOf(own, 'permutation-accuracy') ?? [-1]),
    }))
    .sort((a, b) => b.accuracy - a.accuracy)
  const seeds = new Set(entries.map(({ cell }) => cell.seed)).size
  // Of five numbers, and of fewer, it says nothing new.
  const five = Number(entries[0].cell.dataset.params.n) > 5 ? ['EM5'] : []
  return {
    id: `sequence-sorting/${label}`,
    title: `Learning to sort: ${label}`,
    about: [
      `test sequences, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}; the network sees orders only, and its weights of the best validation accuracy are kept`,
      'all: sequences all of whose numbers are in their places; each: numbers that are',
      ...five.map((name) => `${name}: first fives of sequences, ranked among themselves`),
      "* may be the best: not ruled out by Hsu's comparison with the best over the test sequences, 95 %",
      ...computedLine(run, entries),
      run.machine,
    ],
    columns: [left('operator'), ...['all', 'each', ...five, 'validation', 'best step'].map(right)],
    rows: rows.map(({ method, own, best: marked }) => [
      text(method),
      sampleValue(own, 'permutation-accuracy', marked),
      sampleValue(own, 'element-accuracy'),
      ...five.map(() => sampleValue(own, 'em5')),
      factValue(own, 'curve:validation', formatMetric),
      factValue(own, 'best-step', (step) => step.toFixed(0)),
    ]),
    rowKeys: rows.map(({ own }) => own.map(({ key }) => key)),
    notes: absenceNotes(run, entries),
  }
}

/** Cells by data set and settings. */
export const sortingGroups = (run: RunData): [string, Entry[]][] => [
  ...groupBy(
    entriesOf(run, 'sequence-sorting'),
    ({ cell }) => `${datasetLabel(run, cell)}, ${experimentLabel(run, cell)}`,
  ),
]

export const sortingTables = (run: RunData): ReportTable[] =>
  sortingGroups(run).map(([label, entries]) => tableOf(run, label, entries))
