/** Published numbers, one a CSV row, with where each was read. */

import { parse } from 'csv-parse/sync'
import type { PublishedNumber } from '../core/claim.ts'
import { dataError } from '../core/errors.ts'
import { readSmallText } from '../files/read-text.ts'

export interface Claim extends PublishedNumber {
  readonly table: string
  readonly experiment: string
  readonly split: string
  /** Digits after the point. A trailing zero may be lost: the digits of a family are the most that any of its numbers has. */
  readonly decimals: number
}

const columns = [
  'paper',
  'year',
  'venue',
  'table',
  'experiment',
  'dataset',
  'split',
  'method',
  'metric',
  'at',
  'value',
  'std',
  'unit',
  'verified',
  'source',
]

type Row = Readonly<Record<string, string>>

function toClaim(row: Row, line: number, path: string, key: string): Claim {
  const value = Number(row.value)
  if (row.value === '' || !Number.isFinite(value))
    throw dataError(`${path}, line ${line}: value is "${row.value}"; expected a number`)
  if (row.verified !== 'seen' && row.verified !== 'memory') {
    throw dataError(`${path}, line ${line}: verified is "${row.verified}"; expected seen or memory`)
  }
  const { paper, table, experiment, dataset, split, method, metric, at, unit, verified, source } = row
  return {
    id: `${key}#${line - 1}`,
    paper,
    table,
    experiment,
    dataset,
    split,
    method,
    metric,
    at,
    value,
    decimals: row.value.split('.')[1]?.length ?? 0,
    unit,
    verified,
    source,
  }
}

/** @throws RankBenchError(data) naming file and line. */
export function loadClaims(path: string, key: string): Claim[] {
  const rows: Row[] = parse(readSmallText(path), { columns: true, skip_empty_lines: true, bom: true })
  const missing = columns.filter((column) => rows.length > 0 && !(column in rows[0]))
  if (missing.length > 0) throw dataError(`${path}: columns missing: ${missing.join(', ')}`)
  return rows.map((row, index) => toClaim(row, index + 2, path, key))
}
