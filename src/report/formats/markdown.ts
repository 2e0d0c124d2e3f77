/** GitHub-flavoured Markdown. */

import type { ReportTable } from '../table.ts'

const escapeMarkdown = (text: string): string => text.replaceAll('|', '\\|')
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function renderTable(table: ReportTable): string {
  return [
    `## ${table.title}`,
    '',
    ...table.about.map((about) => `${about}  `),
    '',
    line(table.columns.map((column) => escapeMarkdown(column.title))),
    line(table.columns.map((column) => (column.align === 'right' ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map((value) => escapeMarkdown(value.text)))),
    ...(table.notes.length > 0 ? ['', ...table.notes.map((note) => `- ${escapeMarkdown(note)}`)] : []),
  ].join('\n')
}

export const markdown = (tables: readonly ReportTable[]): string => `${tables.map(renderTable).join('\n\n')}\n`
