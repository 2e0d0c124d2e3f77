/** LaTeX `table` floats with booktabs rules, to be pasted into a paper. */

import { printable } from '../../core/printable.ts'
import type { ReportTable } from '../table.ts'

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '±': '$\\pm$',
  µ: '$\\mu$',
  '–': '--',
  '—': '---',
  '·': '$\\cdot$',
  '×': '$\\times$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '−': '$-$',
  '∞': '$\\infty$',
  '…': '\\ldots{}',
}

const toEscape = new RegExp(
  `[${Object.keys(special)
    .join('')
    .replace(/[\\^\]-]/g, '\\$&')}]`,
  'g',
)

const escapeLatex = (text: string): string => printable(text).replace(toEscape, (character) => special[character])
const line = (cells: readonly string[]): string => `  ${cells.map(escapeLatex).join(' & ')} \\\\`

function renderTable(table: ReportTable): string {
  const caption = [table.title, ...table.about].map(escapeLatex).join('. ')
  return [
    '\\begin{table}',
    `\\caption{${caption}.}`,
    `\\begin{tabular}{${table.columns.map((column) => column.align[0]).join('')}}`,
    '  \\toprule',
    line(table.columns.map((column) => column.title)),
    '  \\midrule',
    ...table.rows.map((row) => line(row.map((value) => value.text))),
    '  \\bottomrule',
    '\\end{tabular}',
    ...table.notes.map((note) => `% ${printable(note)}`),
    '\\end{table}',
  ].join('\n')
}

export const latex = (tables: readonly ReportTable[]): string =>
  `% needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}\n${tables.map(renderTable).join('\n\n')}\n`
