/** One HTML page that stands alone: tables with their pictures between them, no script, nothing fetched. */

import type { ReportTable } from '../table.ts'

/** A picture as SVG text. */
export interface Picture {
  readonly title: string
  readonly svg: string
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem }
p.about { color: #555; margin: .2rem 0 } .wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; margin-top: .6rem }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #ddd; text-align: left; white-space: nowrap }
th { border-bottom: 2px solid #888; position: sticky; top: 0; background: #fff } .right { text-align: right }
tr:hover td { background: #f4f7fb } nav a { margin-right: 1rem } figure { margin: 1.5rem 0 } svg { max-width: 100%; height: auto }
`

const anchor = (id: string): string => id.replaceAll(/[^\w-]+/g, '-')

function renderTable({ id, title, about, columns, rows, notes }: ReportTable): string {
  const side = (at: number) => (columns[at].align === 'right' ? ' class="right"' : '')
  const head = columns.map((column, at) => `<th${side(at)}>${escaped(column.title)}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${row.map((value, at) => `<td${side(at)}>${escaped(value.text)}</td>`).join('')}</tr>`)
    .join('\n')
  return [
    `<h2 id="${anchor(id)}">${escaped(title)}</h2>`,
    ...about.map((line) => `<p class="about">${escaped(line)}</p>`),
    `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>`,
    body,
    '</tbody></table></div>',
    ...(notes.length > 0 ? [`<ul>${notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`] : []),
  ].join('\n')
}

const renderPicture = ({ title, svg }: Picture): string =>
  `<figure role="img" aria-label="${escaped(title)}">${svg}</figure>`

/** @param pictures shown after the tables */
export function html(tables: readonly ReportTable[], pictures: readonly Picture[] = []): string {
  const links = tables.map(({ id, title }) => `<a href="#${anchor(id)}">${escaped(title)}</a>`).join('\n')
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>rank-bench: ${escaped(tables[0]?.title ?? 'report')}</title><style>${style}</style></head><body>`,
    '<h1>rank-bench</h1>',
    `<nav>${links}</nav>`,
    ...tables.map(renderTable),
    ...(pictures.length > 0 ? ['<h2 id="pictures">Pictures</h2>', ...pictures.map(renderPicture)] : []),
    '</body></html>',
    '',
  ].join('\n')
}
