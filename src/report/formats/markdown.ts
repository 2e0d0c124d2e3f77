/** GitHub-flavoured Markdown. Names come from files and plug-ins: what Markdown would read in them is spelled out. */

import { printable } from '../../core/printable.ts'
import type { ReportTable } from '../table.ts'

/**
 * Bars end a cell, angle brackets and entities are HTML, backticks are code, `](` ends the text of a link. Stars, underscores
 * and tildes are emphasis only where a word follows them and, for underscores, none is before.
 */
const escapeMarkdown = (text: string): string =>
  printable(text)
    .replaceAll('\\', '\\\\')
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[|`]|\*(?=\S)|(?<![A-Za-z0-9])_(?=\S)|~(?=~)/g, '\\$&')
    .replaceAll('](', ']\\(')

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function renderTable(table: ReportTable): string {
  return [
    `## ${escapeMarkdown(table.title)}`,
    '',
    ...table.about.map((about) => `${escapeMarkdown(about)}  `),
    '',
    line(table.columns.map((column) => escapeMarkdown(column.title))),
    line(table.columns.map((column) => (column.align === 'right' ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map((value) => escapeMarkdown(value.text)))),
    ...(table.notes.length > 0 ? ['', ...table.notes.map((note) => `- ${escapeMarkdown(note)}`)] : []),
  ].join('\n')
}

export const markdown = (tables: readonly ReportTable[]): string => `${tables.map(renderTable).join('\n\n')}\n`
