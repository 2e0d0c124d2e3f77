/** Tables for a terminal. The only file that knows cli-table3. */

import Table from 'cli-table3'
import { printable } from '../../core/printable.ts'
import type { ReportTable } from '../table.ts'

const lines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: '',
  'mid-mid': '',
  middle: '  ',
}

function renderTable(table: ReportTable): string {
  const grid = new Table({
    head: table.columns.map((column) => printable(column.title)),
    colAligns: table.columns.map((column) => column.align),
    chars: lines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of table.rows) grid.push(row.map((value) => printable(value.text)))
  const body = grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  const rule = '─'.repeat(body.reduce((most, line) => Math.max(most, line.length), 0))
  const notes = table.notes.map((note) => `  note: ${printable(note)}`)
  const about = table.about.map((line) => `  ${printable(line)}`)
  return [printable(table.title), ...about, rule, body[0], rule, ...body.slice(1), ...notes].join('\n')
}

export const terminal = (tables: readonly ReportTable[]): string => `${tables.map(renderTable).join('\n\n')}\n`
