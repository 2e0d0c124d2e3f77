/** Tables for programs: everything a cell holds, under the title of its column. The shape is that of schema.ts. */

import { type Column, dataOf, type ReportTable, type Value } from '../table.ts'
import { type CellObject, type TablesObject, tablesFormat, tablesVersion } from './schema.ts'

/** Titles as keys: a title that comes again gets its number. */
function keysOf(columns: readonly Column[]): string[] {
  const seen = new Map<string, number>()
  return columns.map(({ title }) => {
    const times = (seen.get(title) ?? 0) + 1
    seen.set(title, times)
    return times === 1 ? title : `${title} (${times})`
  })
}

/** JSON has no word for numbers that are not finite: the text says what it is. */
const finite = (value: number | string | null): number | string | null =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value

function cellObject(value: Value): CellObject {
  const { text, unit, interval, n, mark } = value
  return {
    value: finite(dataOf(value)),
    text,
    ...(unit && { unit }),
    ...(interval && { interval }),
    ...(n !== undefined && { n }),
    ...(mark !== undefined && { mark }),
  }
}

function tableObject({ id, title, about, columns, rows, notes }: ReportTable): TablesObject['tables'][number] {
  const keys = keysOf(columns)
  return {
    id,
    title,
    about: [...about],
    columns: keys,
    rows: rows.map((row) => Object.fromEntries(row.map((value, i) => [keys[i], cellObject(value)]))),
    notes: [...notes],
  }
}

/** Tables as a program reads them; what every verb prints with --json or --format json when it prints tables. */
const tablesObject = (tables: readonly ReportTable[]): TablesObject => ({
  format: tablesFormat,
  version: tablesVersion,
  tables: tables.map(tableObject),
})

export const json = (tables: readonly ReportTable[]): string => `${JSON.stringify(tablesObject(tables), null, 2)}\n`
