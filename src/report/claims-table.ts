/** Published numbers against ours: paper | ours with interval | difference | verdict | command. */

import type { PublishedRow } from '../core/claim.ts'
import { meanInterval } from '../stats/mean.ts'
import { formatDifference } from './numbers.ts'
import { left, type ReportTable, right, text, type Value } from './table.ts'

const digits = (value: number): string => String(Number(value.toPrecision(9)))

function ours(row: PublishedRow): Value {
  if (row.judgement.ours === undefined) return { text: '–', data: null }
  const { value, low, high } = meanInterval(row.foldMeans)
  const interval = Number.isFinite(high - low) ? ` [${low.toFixed(4)}, ${high.toFixed(4)}]` : ''
  return { text: `${interval ? value.toFixed(4) : digits(value)}${interval}`, data: value }
}

export function claimsTable(
  rows: readonly PublishedRow[],
  about: readonly string[],
  options: { commands: boolean },
): ReportTable | undefined {
  if (rows.length === 0) return undefined
  const columns = [
    left('claim'),
    left('published for'),
    left('metric'),
    right('paper'),
    right('ours'),
    right('difference'),
    left('verdict'),
  ]
  return {
    id: 'claims',
    title: 'Published numbers',
    about,
    columns: options.commands ? [...columns, left('command')] : columns,
    rows: rows.map((row) => [
      text(row.claim.id),
      text(`${row.claim.method} on ${row.claim.dataset || row.ref.dataset}`),
      text(row.ref.metric),
      { text: String(row.claim.value), data: row.claim.value },
      ours(row),
      row.judgement.difference === undefined
        ? { text: '–', data: null }
        : { text: formatDifference(row.judgement.difference), data: row.judgement.difference },
      text(row.judgement.verdict),
      ...(options.commands ? [text(row.command)] : []),
    ]),
    notes: [],
  }
}
