/** One HTML page that stands alone: what was run, the conclusion, tables, pictures, cells. Nothing is fetched. */

import { createHash } from 'node:crypto'
import { escaped } from '../markup.ts'
import type { Measurement } from '../measurements.ts'
import type { ReportTable } from '../table.ts'
import { linksTo, renderCells } from './page/cells.ts'
import { script } from './page/script.ts'
import { style } from './page/style.ts'
import { anchor, renderTable } from './page/table.ts'

/** A picture as SVG text. */
interface Picture {
  readonly title: string
  readonly svg: string
}

/** What a page of a run says besides its tables. */
export interface Page {
  /** Name of the run. */
  readonly name: string
  /** Date, machine, command: what a reader asks first. */
  readonly facts: readonly (readonly [fact: string, value: string])[]
  /** What rows lead to, by their `rowKeys`. */
  readonly measurements: readonly Measurement[]
  /** Where the samples are. */
  readonly samples: string
}

const nothing: Page = { name: '', facts: [], measurements: [], samples: '' }

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** This style and this script, and nothing else from anywhere. */
const policy = `default-src 'none'; style-src ${digest(style)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`

function renderPicture({ title, svg }: Picture): string {
  const name = escaped(title)
  const named = svg.replace('<svg ', `<svg role="img" aria-label="${name}" `)
  return `<figure><div class="wide" tabindex="0" role="group" aria-label="${name}">${named}</div><figcaption class="hidden">${name}</figcaption></figure>`
}

function contents(tables: readonly ReportTable[], others: readonly (readonly [id: string, title: string])[]): string {
  const all = [...tables.map(({ id, title }) => [anchor(id), title] as const), ...others]
  const links = all.map(([id, title]) => `<li><a href="#${id}">${escaped(title)}</a></li>`).join('\n')
  return `<nav aria-label="Contents"><details${all.length > 6 ? '' : ' open'}><summary>Contents (${all.length})</summary><ul>${links}</ul></details></nav>`
}

function header({ name, facts }: Page, title: string): string[] {
  const terms = facts.map(([fact, value]) => `<dt>${escaped(fact)}</dt><dd>${escaped(value)}</dd>`)
  const heading = name === '' ? escaped(title) : `rank-bench: ${escaped(name)}`
  return ['<header>', `<h1>${heading}</h1>`, ...(terms.length > 0 ? [`<dl>${terms.join('')}</dl>`] : []), '</header>']
}

/** The table that reports begin with where a run came to something. */
const isConclusion = ({ id }: ReportTable): boolean => id === 'conclusion'

/** A conclusion is read, not sorted: a line a row. */
function concluded({ title, rows }: ReportTable): string {
  const lines = rows.map(
    ([topic, ...what]) => `<p><b>${escaped(topic.text)}</b>: ${what.map(({ text }) => escaped(text)).join(' ')}</p>`,
  )
  return `<section class="conclusion" aria-labelledby="conclusion"><h2 id="conclusion">${escaped(title)}</h2>${lines.join('\n')}</section>`
}

/**
 * @param all a table of id `conclusion` stands above the contents
 * @param pictures shown after the tables
 */
export function html(all: readonly ReportTable[], pictures: readonly Picture[] = [], page: Page = nothing): string {
  const tables = all.filter((table) => !isConclusion(table))
  const linked = new Set(tables.flatMap(({ rowKeys = [] }) => rowKeys.flat()))
  const measurements = page.measurements.filter(({ cells }) => cells.some(({ key }) => linked.has(key)))
  const title = page.name || (tables[0]?.title ?? 'report')
  const date = page.facts.find(([fact]) => fact === 'started')?.[1].slice(0, 10)
  const others = [
    ...(pictures.length > 0 ? [['pictures', 'Pictures'] as const] : []),
    ...(measurements.length > 0 ? [['cells', 'Cells, samples and commands'] as const] : []),
  ]
  const linksOf = linksTo(measurements)
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>rank-bench: ${escaped(date ? `${title}, ${date}` : title)}</title><style>${style}</style></head><body>`,
    ...header(page, title),
    '<main>',
    ...all.filter(isConclusion).map(concluded),
    contents(tables, others),
    ...tables.map((table) => renderTable(table, linksOf)),
    ...(pictures.length > 0 ? ['<section aria-labelledby="pictures"><h2 id="pictures">Pictures</h2>'] : []),
    ...pictures.map(renderPicture),
    ...(pictures.length > 0 ? ['</section>'] : []),
    ...renderCells(measurements, page.samples),
    `</main><script>${script}</script></body></html>`,
    '',
  ].join('\n')
}
