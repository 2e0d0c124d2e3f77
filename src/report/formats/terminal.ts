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

/** cli-table3 spreads the rows of a table into arguments, which ends the process above some 120,000 of them. */
const rowsAtOnce = 10_000

/** Characters that take two cells of a terminal. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/gu

const cells = (text: string): number => text.length + (text.match(wide)?.length ?? 0)

/** The cells each column needs, so that the pieces of a long table stand below each other. */
function widthsOf(head: readonly string[], rows: readonly (readonly string[])[]): number[] {
  const widths = head.map(cells)
  for (const row of rows) {
    for (const [i, text] of row.entries()) widths[i] = Math.max(widths[i], cells(text))
  }
  return widths
}

/** Lines of the table, the first its head. */
function gridLines({ columns, rows }: ReportTable): string[] {
  const head = columns.map((column) => printable(column.title))
  const body = rows.map((row) => row.map((value) => printable(value.text)))
  const colWidths = body.length > rowsAtOnce ? widthsOf(head, body) : []
  const found: string[] = []
  for (let start = 0; start === 0 || start < body.length; start += rowsAtOnce) {
    const grid = new Table({
      head: start === 0 ? head : [],
      colAligns: columns.map((column) => column.align),
      colWidths,
      chars: lines,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    })
    for (const row of body.slice(start, start + rowsAtOnce)) grid.push(row)
    for (const line of grid.toString().split('\n')) found.push(line.trimEnd())
  }
  return found
}

function renderTable(table: ReportTable): string {
  const body = gridLines(table)
  const rule = '─'.repeat(body.reduce((most, line) => Math.max(most, line.length), 0))
  const notes = table.notes.map((note) => `  note: ${printable(note)}`)
  const about = table.about.map((line) => `  ${printable(line)}`)
  return [printable(table.title), ...about, rule, body[0], rule, ...body.slice(1), ...notes].join('\n')
}

export const terminal = (tables: readonly ReportTable[]): string => `${tables.map(renderTable).join('\n\n')}\n`
