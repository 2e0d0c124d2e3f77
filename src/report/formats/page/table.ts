/** A table of a page: caption, scopes, the numbers that sorting goes by, and links from rows to what they were made of. */

import { escaped } from '../../markup.ts'
import type { ReportTable, Value } from '../../table.ts'
import { toneOf } from '../tone.ts'
import type { Links } from './cells.ts'

/** Longer texts are broken into lines. */
const longText = 60

export const anchor = (id: string): string => id.replaceAll(/[^\w-]+/g, '-')

/** What sorting goes by where it is not the text: the number in full, or nothing. */
function sortValue({ text, data }: Value): string {
  if (data === null) return text === '' ? '' : ' data-value=""'
  return typeof data === 'number' ? ` data-value="${data}"` : ''
}

function classes(value: Value, align: 'left' | 'right'): string {
  const tone = toneOf(value.text)
  const names = [align === 'right' && 'right', tone, value.text.length > longText && 'long'].filter(Boolean)
  return names.length > 0 ? ` class="${names.join(' ')}"` : ''
}

/** Long names may be broken after the marks between their parts. */
const broken = (text: string): string =>
  text
    .split(/(?<=[[,:|/])/)
    .map(escaped)
    .join('<wbr>')

/** The first value of a row names it; it leads to its measurements. */
function rowHead(value: Value, align: 'left' | 'right', links: readonly Links[]): string {
  const [first, ...more] = links
  const text = broken(value.text)
  const shown = first ? `<a href="#${first.id}">${text || 'cells'}</a>` : text
  const alike = new Set(links.map(({ by }) => by)).size === 1
  const others = more
    .map(({ id, by }, i) => ` <a class="keys" href="#${id}">${alike ? `[${i + 2}]` : escaped(by)}</a>`)
    .join('')
  return `<th scope="row"${classes(value, align)}${sortValue(value)}>${shown}${others}</th>`
}

/** @param linksOf the measurements of cells, by their keys */
export function renderTable(table: ReportTable, linksOf: (keys: readonly string[]) => readonly Links[]): string {
  const { id, title, about, columns, rows, notes, rowKeys } = table
  const name = anchor(id)
  const head = columns.map(
    ({ title, align }) => `<th scope="col"${align === 'right' ? ' class="right"' : ''}>${escaped(title)}</th>`,
  )
  const body = rows.map((row, at) => {
    const cells = row.map((value, i) =>
      i === 0
        ? rowHead(value, columns[i].align, linksOf(rowKeys?.[at] ?? []))
        : `<td${classes(value, columns[i].align)}${sortValue(value)}>${escaped(value.text)}</td>`,
    )
    return `<tr>${cells.join('')}</tr>`
  })
  return [
    `<section aria-labelledby="${name}"><h2 id="${name}">${escaped(title)}</h2>`,
    ...about.map((line) => `<p class="about">${escaped(line)}</p>`),
    `<div class="wide" tabindex="0" role="group" aria-labelledby="${name}"><table class="data">`,
    `<caption class="hidden">${escaped(title)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>`,
    ...body,
    '</tbody></table></div>',
    ...(notes.length > 0
      ? [`<ul class="notes">${notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`]
      : []),
    '</section>',
  ].join('\n')
}
