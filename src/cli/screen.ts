/** What the terminal can show, and tables made for it. */

import { type ConclusionLine, conclusionTable, conclusionText } from '../report/conclusion.ts'
import { type Format, formats } from '../report/formats/formats.ts'
import { type TerminalOptions, terminal } from '../report/formats/terminal.ts'
import type { ReportTable } from '../report/table.ts'

/** Narrower than this no table can be read: lines are left to the terminal to break. */
const narrowestScreen = 40

/** How wide standard output is, and whether it takes colours. A file or a pipe gets whole lines without colours; NO_COLOR turns them off everywhere (no-color.org). */
export function screenOptions(): TerminalOptions {
  const { isTTY, columns } = process.stdout
  if (!isTTY) return {}
  const colour = !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  return columns >= narrowestScreen ? { width: columns, colour } : { colour }
}

/** Tables as a person reads them on this terminal. */
export const onScreen = (tables: readonly ReportTable[]): string => terminal(tables, screenOptions())

/** Tables in a format; for a file, as wide as they are. */
export const rendered = (format: Format, tables: readonly ReportTable[], toFile = false): string =>
  formats[format](tables, toFile ? {} : screenOptions())

/** Tables with what they come to: its lines are the last that a terminal shows, and the first table of every other format. */
export const concluded = (
  format: Format,
  tables: readonly ReportTable[],
  lines: readonly ConclusionLine[],
  toFile = false,
): string =>
  format === 'terminal'
    ? `${rendered(format, tables, toFile)}\n${conclusionText(lines, toFile ? undefined : screenOptions().width)}\n`
    : rendered(format, [conclusionTable(lines), ...tables], toFile)
