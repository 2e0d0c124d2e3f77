/**
 * Comma-separated values, RFC 4180, numbers in full. One table: a row a row, and beside a column with intervals two with their
 * bounds. Several tables: one long list under one header, a line a cell. Text that a spreadsheet would take for a formula gets
 * an apostrophe in front.
 */

import { dataOf, type ReportTable, type Value } from '../table.ts'

/** What spreadsheets start a formula with. */
const formula = /^[=+\-@\t\r]/

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const textField = (text: string): string => quoted(formula.test(text) ? `'${text}` : text)

type Field = number | string | null | undefined

function field(value: Field): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'number' ? String(value) : textField(value)
}

const line = (fields: readonly Field[]): string => fields.map(field).join(',')

const hasIntervals = (table: ReportTable, column: number): boolean =>
  table.rows.some((row) => row[column].interval !== undefined)

function wide(table: ReportTable): string[] {
  const bounded = table.columns.map((_, column) => hasIntervals(table, column))
  const head = table.columns.flatMap(({ title }, i) =>
    bounded[i] ? [title, `${title} low`, `${title} high`] : [title],
  )
  const fieldsOf = (value: Value, i: number): Field[] =>
    bounded[i] ? [dataOf(value), value.interval?.low, value.interval?.high] : [dataOf(value)]
  return [line(head), ...table.rows.map((row) => line(row.flatMap(fieldsOf)))]
}

const longHead = ['table', 'row', 'label', 'column', 'value', 'unit', 'low', 'high', 'n', 'mark', 'text']

const longLine = (table: ReportTable, row: readonly Value[], at: number, column: number): string => {
  const { unit, interval, n, mark, text } = row[column]
  const title = table.columns[column].title
  return line([
    table.id,
    at + 1,
    row[0].text,
    title,
    dataOf(row[column]),
    unit,
    interval?.low,
    interval?.high,
    n,
    mark,
    text,
  ])
}

const long = (tables: readonly ReportTable[]): string[] => [
  line(longHead),
  ...tables.flatMap((table) =>
    table.rows.flatMap((row, at) => row.map((_, column) => longLine(table, row, at, column))),
  ),
]

export const csv = (tables: readonly ReportTable[]): string =>
  `${(tables.length === 1 ? wide(tables[0]) : long(tables)).join('\r\n')}\r\n`
