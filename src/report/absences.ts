/** What a run has no number for, and why: failures are rows, never silence. */

import {
  absence,
  datasetLabel,
  type Entry,
  experimentLabel,
  groupBy,
  methodLabel,
  type RunData,
} from '../results/view.ts'
import { left, type ReportTable, right, text } from './table.ts'

/** Cells that lack a number for one reason. */
interface Absence {
  /** `failed`, `timeout`, `skipped` or `incomplete`. */
  readonly word: string
  readonly sentence: string
  /** The sentence without its advice, where it has some. */
  readonly reason: string
  /** What gets the number, as one command or one thing to do. */
  readonly remedy: string
  readonly entries: readonly Entry[]
}

/** The command in a sentence such as `install it with: rank-bench peers install`. */
const commandIn = (sentence: string): string | undefined =>
  /rank-bench [\w-]+(?: (?:[\w:./-]+|<[^>]+>))*/.exec(sentence)?.[0]

function remedyOf(run: RunData, { result, cell }: Entry): string {
  switch (result.status) {
    case 'skipped':
      if (result.reason === 'data absent')
        return commandIn(result.detail) ?? `rank-bench data add ${cell.dataset.name} <archive>`
      return commandIn(result.detail) ?? 'rank-bench peers list'
    case 'timeout':
      return `${run.command} --timeout ${Math.ceil((2 * result.limitMs) / 1000)}`
    case 'failed':
      return result.error.hint ?? run.command
    default:
      return run.command
  }
}

function reasonOf(run: RunData, { result, cell }: Entry): string {
  if (result.status === 'skipped')
    return result.reason === 'data absent' ? `${datasetLabel(run, cell)} absent` : result.reason
  return absence(result)!.sentence
}

/** By reason, failures first, in order of first appearance within a kind. */
export function absences(run: RunData): Absence[] {
  const order = ['failed', 'timeout', 'incomplete', 'skipped']
  const lacking = run.entries.filter(({ result }) => result.status !== 'measured')
  const groups = groupBy(lacking, ({ result }) => JSON.stringify(Object.values(absence(result)!)))
  return [...groups.values()]
    .map((entries) => ({
      ...absence(entries[0].result)!,
      reason: reasonOf(run, entries[0]),
      remedy: remedyOf(run, entries[0]),
      entries,
    }))
    .sort((a, b) => order.indexOf(a.word) - order.indexOf(b.word))
}

const mostNamed = 3

/** `letor[scorer=mlp] loss:listnet on letor:mq2008; ...`, the first few. */
function cellsOf(run: RunData, entries: readonly Entry[]): string {
  const names = entries.map(
    ({ cell }) => `${experimentLabel(run, cell)}: ${methodLabel(run, cell)} on ${datasetLabel(run, cell)}`,
  )
  const distinct = [...new Set(names)]
  const rest = distinct.length - mostNamed
  return [...distinct.slice(0, mostNamed), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
}

/** One row a reason; undefined where every cell of the plan was measured. */
export function absencesTable(run: RunData): ReportTable | undefined {
  const all = absences(run)
  if (all.length === 0) return undefined
  return {
    id: 'not-measured',
    title: 'What was not measured',
    about: [],
    columns: [left('state'), right('cells'), left('which'), left('why'), left('to get it')],
    rows: all.map(({ word, sentence, remedy, entries }) => [
      text(word),
      { text: String(entries.length), data: entries.length },
      text(cellsOf(run, entries)),
      text(sentence),
      text(remedy),
    ]),
    notes: [],
  }
}
