/** A row a peer, operator and precision: the largest difference, where it was, and whether it is known. */

import type { Warning } from '../../core/result.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import {
  absence,
  datasetLabel,
  type Entry,
  entriesOf,
  groupBy,
  methodLabel,
  observation,
  type RunData,
} from '../../results/view.ts'

const warningsOf = ({ result }: Entry): readonly Warning[] => (result.status === 'measured' ? result.warnings : [])

const said = (entries: readonly Entry[], code: string): string | undefined =>
  entries.flatMap(warningsOf).find((warning) => warning.code === code)?.message

/** The entry in which a measure is largest. */
function worstEntry(entries: readonly Entry[], metric: string): Entry | undefined {
  const measuredIn = (entry: Entry) => observation(entry.result, metric)?.value
  return entries.reduce<Entry | undefined>((worst, entry) => {
    const [value, most] = [measuredIn(entry), worst && measuredIn(worst)]
    return value !== undefined && (most === undefined || !(value <= most)) ? entry : worst
  }, undefined)
}

function largest(entries: readonly Entry[], metric: string): Value {
  const value = (entry: Entry | undefined) => entry && observation(entry.result, metric)?.value
  const found = value(worstEntry(entries, metric))
  if (found === undefined) return { text: '–', data: null }
  return { text: Number.isFinite(found) ? found.toExponential(1) : 'NaN', data: found }
}

/** Worst first: a disagreement that nobody knows of, an absence, a known defect. */
function verdict(entries: readonly Entry[]): string {
  if (said(entries, 'disagreement') !== undefined) return 'disagrees'
  const absent = entries.flatMap(({ result }) => absence(result) ?? [])
  if (absent.length > 0) return absent.length === entries.length ? absent[0].word : `${absent[0].word} at some`
  return said(entries, 'known defect') === undefined ? 'agrees' : 'known defect'
}

/** The cell, and what was made of its numbers, of the larger difference. */
function where(run: RunData, entries: readonly Entry[]): string {
  const metric = ['agreement.gradients', 'agreement.values'].find((each) => worstEntry(entries, each))
  const worst = metric === undefined ? undefined : worstEntry(entries, metric)
  if (!worst || metric === undefined) return ''
  const kind = said([worst], 'where')
    ?.split(', ')
    .find((each) => each.startsWith(metric))
  return `${methodLabel(run, worst.cell)} on ${datasetLabel(run, worst.cell)}${kind ? `,${kind.slice(metric.length)}` : ''}`
}

const sentences = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => {
    const why = absence(entry.result)
    return why ? [`${entry.cell.system}: ${why.sentence.split('\n')[0]}`] : []
  })

export function agreementTable(run: RunData): ReportTable | undefined {
  const entries = entriesOf(run, 'peer-agreement')
  if (entries.length === 0) return undefined
  const groups = [...groupBy(entries, ({ cell }) => `${cell.system}\n${cell.method.name}\n${cell.precision}`).values()]
  const known = entries.flatMap((entry) => said([entry], 'known defect') ?? [])
  const unknown = entries.flatMap((entry) => said([entry], 'disagreement') ?? [])
  return {
    id: 'peer-agreement',
    title: 'Who computes what we compute',
    about: [
      'largest difference from ours over cells and over numbers as drawn, tied (gradients of losses only: elsewhere a tie is a kink), times 1/100 and times 100, relative to the largest entry; at most 1e-8 in f64 and 1e-3 in f32 agrees, and 1e-3 where parts of the peer are rounded to f32 or to an epsilon of its own',
      ...[...new Set(Object.entries(run.peers).map(([name, versions]) => `${name}: ${versions}`))],
    ],
    columns: [
      left('peer'),
      left('operator'),
      left('precision'),
      right('cells'),
      right('values'),
      right('gradients'),
      left('verdict'),
      left('furthest off'),
      left('how it is called, and what is translated'),
    ],
    rows: groups.map((group) => [
      text(group[0].cell.system),
      text(group[0].cell.method.name),
      text(group[0].cell.precision),
      { text: String(group.length), data: group.length },
      largest(group, 'agreement.values'),
      largest(group, 'agreement.gradients'),
      text(verdict(group)),
      text(where(run, group)),
      text(said(group, 'call') ?? ''),
    ]),
    rowKeys: groups.map((group) => group.map(({ key }) => key)),
    notes: [...new Set([...unknown.map((each) => `not known of: ${each}`), ...known, ...sentences(entries)])],
  }
}
