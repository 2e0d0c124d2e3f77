/** How many sequences each operator has taught a network to sort. */

import { formatMetric } from '../../report/numbers.ts'
import { dash, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { computedLine } from '../../results/computed.ts'
import { absenceNotes, type Entry, groupBy, observation, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { shareInterval } from '../../stats/share-interval.ts'
import { seedsOf, seedsText, settingGroups } from '../training/groups.ts'
import { operatorName, settingsLabel } from '../training/gumbel.ts'
import { factValue, mayBeBest, samplesOf, sampleValue } from '../training/values.ts'

/** Test sequences of the seeds that all have: who was trained once more is compared by what the others have too. */
function comparable(groups: readonly (readonly Entry[])[]): (number[] | undefined)[] {
  const seeds = groups.map((own) => new Set(own.map(({ cell }) => cell.seed)))
  const shared = groups.map((own) => own.filter(({ cell }) => seeds.every((each) => each.has(cell.seed))))
  return shared.map((own) => samplesOf(own, 'permutation-accuracy'))
}

/** Of the share of sequences, over those that were tested. */
function intervalValue(entries: readonly Entry[]): Value {
  const samples = samplesOf(entries, 'permutation-accuracy')
  if (!samples) return dash
  const { low, high } = shareInterval(mean(samples), samples.length)
  return { text: `[${formatMetric(low)}, ${formatMetric(high)}]`, data: null }
}

function fewerSeeds(
  rows: readonly { readonly method: string; readonly own: readonly Entry[] }[],
  all: number,
): string[] {
  const fewer = rows.filter(({ own }) => seedsOf(own) < all)
  if (fewer.length === 0) return []
  const names = fewer.map(({ method, own }) => `${method} (${seedsOf(own)})`).join(', ')
  return [`fewer seeds than the others: ${names}; who may be the best is compared over the seeds that all have`]
}

const has = (entries: readonly Entry[], metric: string): boolean =>
  entries.some(({ result }) => observation(result, metric) !== undefined)

function tableOf(run: RunData, label: string, entries: readonly Entry[]): ReportTable {
  const byMethod = [...groupBy(entries, ({ cell }) => operatorName(run, cell))]
  const best = mayBeBest(comparable(byMethod.map(([, own]) => own)))
  const rows = byMethod
    .map(([method, own], i) => ({
      method,
      own,
      best: best[i],
      accuracy: mean(samplesOf(own, 'permutation-accuracy') ?? [-1]),
    }))
    .sort((a, b) => b.accuracy - a.accuracy)
  const seeds = seedsOf(entries)
  // Of five numbers, and of fewer, it says nothing new.
  const five = Number(entries[0].cell.dataset.params.n) > 5 && has(entries, 'em5') ? ['EM5'] : []
  return {
    id: `sequence-sorting/${label}`,
    title: `Learning to sort: ${label}`,
    about: [
      `test sequences, ${seedsText(entries)}; the network sees orders only, and its weights of the best validation accuracy are kept`,
      'all: sequences all of whose numbers are in their places, and the 95 % interval over test sequences, not over trainings; each: numbers that are',
      ...five.map((name) => `${name}: first fives of sequences, ranked among themselves`),
      "* may be the best: not ruled out by Hsu's comparison with the best over the test sequences, 95 %",
      ...computedLine(run, entries),
      run.machine,
    ],
    columns: [left('operator'), ...['all', '95 %', 'each', ...five, 'validation', 'best step'].map(right)],
    rows: rows.map(({ method, own, best: marked }) => [
      text(method),
      sampleValue(own, 'permutation-accuracy', marked),
      intervalValue(own),
      sampleValue(own, 'element-accuracy'),
      ...five.map(() => sampleValue(own, 'em5')),
      factValue(own, 'curve:validation', formatMetric),
      factValue(own, 'best-step', (step) => step.toFixed(0)),
    ]),
    rowKeys: rows.map(({ own }) => own.map(({ key }) => key)),
    notes: [...fewerSeeds(rows, seeds), ...absenceNotes(run, entries)],
  }
}

/** Cells by data set and settings. */
export const sortingGroups = (run: RunData): [string, Entry[]][] =>
  settingGroups(run, 'sequence-sorting', settingsLabel)

export const sortingTables = (run: RunData): ReportTable[] =>
  sortingGroups(run).map(([label, entries]) => tableOf(run, label, entries))
