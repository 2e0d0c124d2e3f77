/** Tables for a terminal, as wide as it is. The only file that knows cli-table3. */

import Table from 'cli-table3'
import { printable } from '../../core/printable.ts'
import type { Column, ReportTable } from '../table.ts'
import { displayWidth, narrowest, wrap } from '../wrap.ts'
import { type Block, type Extent, fitColumns, gap } from './fit-columns.ts'
import { toned } from './tone.ts'

const sides = ['top', 'bottom', 'left', 'right', 'mid']
const noLines = Object.fromEntries(
  sides.flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`]).map((side) => [side, '']),
)
const chars = { ...noLines, middle: ' '.repeat(gap) }

export interface TerminalOptions {
  /** Characters a line may have; unlimited where the output is no terminal. */
  readonly width?: number
  /** Whether verdicts are coloured. */
  readonly colour?: boolean
}

const indent = '  '
/** cli-table3 spreads the rows of a table into arguments, which ends the process above some 120,000 of them. */
const rowsAtOnce = 10_000

/** Cells as they are shown: the head first. */
const cellsOf = (table: ReportTable): string[][] => [
  table.columns.map(({ title }) => printable(title)),
  ...table.rows.map((row) => row.map(({ text }) => printable(text))),
]

const longest = (lengths: readonly number[]): number => lengths.reduce((most, each) => Math.max(most, each), 0)

/** Numbers are never broken, words are. */
const extentOf = (cells: readonly string[][], column: number, align: 'left' | 'right'): Extent => ({
  natural: longest(cells.map((row) => displayWidth(row[column]))),
  least: longest(
    cells.map((row, i) => (i === 0 || align === 'left' ? narrowest(row[column]) : displayWidth(row[column]))),
  ),
})

type Wrapped = readonly (readonly (readonly string[])[])[]

/** Lines of the grid, in pieces whose columns stand below each other because their widths are given. */
function gridLines([head, ...rows]: Wrapped, aligns: readonly Column['align'][], widths: readonly number[]): string[] {
  const found: string[] = []
  for (let start = 0; start === 0 || start < rows.length; start += rowsAtOnce) {
    const grid = new Table({
      head: start === 0 ? head.map((lines) => lines.join('\n')) : [],
      colAligns: [...aligns],
      colWidths: [...widths],
      chars,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    })
    for (const row of rows.slice(start, start + rowsAtOnce)) grid.push(row.map((lines) => lines.join('\n')))
    for (const line of grid.toString().split('\n')) found.push(line.trimEnd())
  }
  return found
}

function renderBlock(table: ReportTable, cells: readonly string[][], { columns, widths }: Block, colour: boolean) {
  const tone = (line: string) => (colour ? toned(line) : line)
  const wrapped = cells.map((row) => columns.map((column, i) => wrap(row[column], widths[i]).map(tone)))
  const headHeight = longest(wrapped[0].map((lines) => lines.length))
  const body = gridLines(
    wrapped,
    columns.map((column) => table.columns[column].align),
    widths,
  )
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width, gap * (widths.length - 1)))
  return [rule, ...body.slice(0, headHeight), rule, ...body.slice(headHeight)]
}

const paragraph = (text: string, width: number): string[] =>
  wrap(printable(text), width - 2 * indent.length).map((line, i) => `${i === 0 ? indent : indent.repeat(2)}${line}`)

function renderTable(table: ReportTable, width: number, colour: boolean): string {
  const cells = cellsOf(table)
  const extents = table.columns.map(({ align }, column) => extentOf(cells, column, align))
  return [
    ...wrap(printable(table.title), width),
    ...table.about.flatMap((line) => paragraph(line, width)),
    ...fitColumns(extents, width).flatMap((block) => renderBlock(table, cells, block, colour)),
    ...table.notes.flatMap((note) => paragraph(`note: ${note}`, width)),
  ].join('\n')
}

export const terminal = (tables: readonly ReportTable[], options: TerminalOptions = {}): string => {
  const { width = Number.POSITIVE_INFINITY, colour = false } = options
  return `${tables.map((table) => renderTable(table, width, colour)).join('\n\n')}\n`
}
