/** Comma-separated values, RFC 4180; numbers in full, one block a table with its id as the first column. */

import type { ReportTable, Value } from '../table.ts'

const quote = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const cell = (value: Value): string =>
  value.data === undefined ? quote(value.text) : value.data === null ? '' : quote(String(value.data))

function renderTable(table: ReportTable): string {
  const head = ['table', ...table.columns.map((column) => column.title)].map(quote)
  return [head, ...table.rows.map((row) => [quote(table.id), ...row.map(cell)])]
    .map((cells) => cells.join(','))
    .join('\r\n')
}

export const csv = (tables: readonly ReportTable[]): string => `${tables.map(renderTable).join('\r\n\r\n')}\r\n`
