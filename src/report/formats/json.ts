/** Tables as JSON: column titles as keys, numbers in full, the printed text beside them. */

import type { ReportTable } from '../table.ts'

function tableObject(table: ReportTable): object {
  const rows = table.rows.map((row) =>
    Object.fromEntries(
      table.columns.map((column, i) => [column.title, row[i].data === undefined ? row[i].text : row[i].data]),
    ),
  )
  return { id: table.id, title: table.title, about: table.about, rows, notes: table.notes }
}

export const json = (tables: readonly ReportTable[]): string => `${JSON.stringify(tables.map(tableObject), null, 2)}\n`
