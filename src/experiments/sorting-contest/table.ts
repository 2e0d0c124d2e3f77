/** Which operator trains best: a line an operator, lengths beside each other; then every length by itself. */

import { formatMetric, formatPlain } from '../../report/numbers.ts'
import { bestRule } from '../../report/standings.ts'
import { dash, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { markedValue, timingOf } from '../../report/values.ts'
import { computedLine } from '../../results/computed.ts'
import { absenceNotes, experimentLabel, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { median } from '../../stats/quantile.ts'
import { choiceColumns, choiceLine, choiceValues, factsOf, grid } from '../choice-columns.ts'
import { type Field, fields, type Sorter } from './contest.ts'
import { rankedSorters } from './mean-ranks.ts'
import { stepMetrics } from './step.ts'

const mark = (sorter: Sorter): string => (sorter.standing.mayBeBest ? '*' : '')

const accuracyValue = (sorter: Sorter): Value =>
  markedValue(sorter.standing.mean, formatMetric(sorter.standing.mean), mark(sorter))

const timeValue = ({ timed }: Sorter, metric: string): Value => (timed ? timingOf(timed.result, metric) : dash)

/** Values of a fact over seeds, made one; nothing where no seed has it. */
function factValue(
  { entries }: Sorter,
  metric: string,
  made: (values: number[]) => number,
  written: (value: number) => string,
): Value {
  const values = factsOf(entries, metric)
  return values.length === 0 ? dash : { text: written(made(values)), data: made(values) }
}

const isTimed = (all: readonly Field[]): boolean =>
  all.some(({ sorters }) => sorters.some(({ timed }) => timed !== undefined))

/** Who may be the best on sequences of one length, in one line. */
function contendersOf({ dataset, sorters }: Field): string {
  const may = sorters.filter(({ standing }) => standing.mayBeBest).map(({ name }) => name)
  const highest = `highest accuracy ${formatMetric(sorters[0].standing.mean)} (${sorters[0].name})`
  return may.length < 2
    ? `${dataset}: ${highest}, told apart from all ${sorters.length - 1} others`
    : `${dataset}: ${may.length} of ${sorters.length}: ${may.join('; ')}; ${highest}`
}

export const contenders = (run: RunData): string[] => fields(run).map(contendersOf)

/** The operators by mean rank, those without one last. */
export function summaryTable(run: RunData): ReportTable | undefined {
  const all = fields(run)
  if (all.length === 0) return undefined
  const ranks = rankedSorters(run)
  const rankOf = (name: string): number | undefined => {
    const at = ranks?.names.indexOf(name) ?? -1
    return at < 0 ? undefined : ranks!.meanRanks[at]
  }
  const names = [...new Set(all.flatMap(({ sorters }) => sorters.map(({ name }) => name)))].sort(
    (a, b) => (rankOf(a) ?? Number.POSITIVE_INFINITY) - (rankOf(b) ?? Number.POSITIVE_INFINITY),
  )
  const found = (name: string, { sorters }: Field) => sorters.find((sorter) => sorter.name === name)
  const timed = isTimed(all) ? all : []
  const { trials, steps, batch } = all[0].entries[0].cell.experiment.params
  return {
    id: 'sorting-contest/summary',
    title: 'Which operator trains best: sequences that are sorted',
    about: [
      `test sequences all of whose numbers are in their places; the same ${trials} trials of rate and softness for every operator, most ${steps} steps of ${batch} sequences each, chosen on validation sequences`,
      `* ${bestRule('sequences', 'operators')}`,
      'mean rank: over all seeds and lengths, 1 is best',
      ...(timed.length > 0 ? ['time: loss of a batch with its gradient, without the network'] : []),
    ],
    columns: [
      left('operator'),
      ...all.map(({ n }) => right(`n = ${n}`)),
      right('mean rank'),
      ...timed.map(({ n }) => right(`time, n = ${n}`)),
    ],
    rows: names.map((name) => {
      const own = all.map((field) => found(name, field))
      const rank = rankOf(name)
      return [
        text(name),
        ...own.map((sorter) => (sorter ? accuracyValue(sorter) : dash)),
        rank === undefined ? dash : { text: rank.toFixed(1), data: rank },
        ...timed.map((field) => {
          const sorter = found(name, field)
          return sorter ? timeValue(sorter, stepMetrics.loss) : dash
        }),
      ]
    }),
    rowKeys: names.map((name) => all.flatMap((field) => (found(name, field)?.entries ?? []).map(({ key }) => key))),
    notes: contenders(run),
  }
}

const rangeValue = ({ bySeed }: Sorter): Value => {
  const sorted = [...bySeed].sort((a, b) => a - b)
  return text(`${formatMetric(sorted[0])} to ${formatMetric(sorted.at(-1)!)}`)
}

function fieldTable(run: RunData, field: Field): ReportTable {
  const { dataset, label, entries, seeds, sorters, n, sequences } = field
  const timed = isTimed([field])
  const few = n > 5
  return {
    id: `sorting-contest/${label}`,
    title: `Operators that sort: ${dataset}`,
    about: [
      experimentLabel(run, entries[0].cell),
      `${sequences} test sequences, ${seeds.length} seeds with networks of their own; seeds: the lowest and highest of them`,
      'all: sequences all of whose numbers are in their places; each: numbers that are; EM5: first fives of sequences, ranked among themselves',
      `* ${bestRule('sequences', 'operators')}; of these networks: what another seed makes of it is told by the range of the seeds and by the mean ranks`,
      ...(timed
        ? ['times: the loss of a batch with its gradient alone, and a step with the network and the optimiser']
        : []),
      ...computedLine(run, entries),
      run.machine,
    ],
    columns: [
      left('operator'),
      ...['all', 'seeds', 'each', ...(few ? ['EM5'] : []), 'validation', 'rate', 'softness'].map(right),
      ...(timed ? ['loss', 'step'].map(right) : []),
    ],
    rows: sorters.map((sorter) => [
      text(sorter.name),
      accuracyValue(sorter),
      rangeValue(sorter),
      factValue(sorter, 'element-accuracy', mean, formatMetric),
      ...(few ? [factValue(sorter, 'em5', mean, formatMetric)] : []),
      factValue(sorter, 'curve:validation', mean, formatMetric),
      factValue(sorter, 'learning-rate', median, formatPlain),
      factValue(sorter, 'softness-factor', median, formatPlain),
      ...(timed ? [timeValue(sorter, stepMetrics.loss), timeValue(sorter, stepMetrics.step)] : []),
    ]),
    rowKeys: sorters.map(({ entries: own, timed: step }) => [...own, ...(step ? [step] : [])].map(({ key }) => key)),
    notes: absenceNotes(run, entries),
  }
}

export const fieldTables = (run: RunData): ReportTable[] => fields(run).map((field) => fieldTable(run, field))

export const choiceTables = (run: RunData): ReportTable[] =>
  fields(run).map(({ dataset, label, entries, sorters }) => {
    const { params } = entries[0].cell.experiment
    return {
      id: `sorting-contest/choices/${label}`,
      title: `What the validation sequences chose: ${dataset}`,
      about: [
        `${params.trials} trials a cell, most ${params.steps} steps of ${params.batch} sequences each; accuracy on ${params.validation} sequences chooses trial and step`,
        `offered: rates ${grid(params['learning-rates'])}; factors on the own softness ${grid(params.softness)}`,
        choiceLine('seeds'),
      ],
      columns: [left('operator'), ...choiceColumns()],
      rows: sorters.map(({ name, entries: own }) => [text(name), ...choiceValues(own)]),
      rowKeys: sorters.map(({ entries: own }) => own.map(({ key }) => key)),
      notes: [],
    }
  })
