/** Tables for a terminal. The only file that knows cli-table3. */

import Table from 'cli-table3'
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
    head: table.columns.map((column) => column.title),
    colAligns: table.columns.map((column) => column.align),
    chars: lines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  grid.push(...table.rows.map((row) => row.map((value) => value.text)))
  const body = grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  const rule = '─'.repeat(Math.max(...body.map((line) => line.length)))
  const notes = table.notes.map((note) => `  note: ${note}`)
  return [table.title, ...table.about.map((line) => `  ${line}`), rule, body[0], rule, ...body.slice(1), ...notes].join(
    '\n',
  )
}

export const terminal = (tables: readonly ReportTable[]): string => `${tables.map(renderTable).join('\n\n')}\n`
