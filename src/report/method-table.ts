/** Everything about one operator, as a table. */

import type { Citation, Method, OperatorSpec } from '../core/method.ts'
import { gradientKind, promisesOf } from '../core/method.ts'
import { describeRange, type ParamSpec, resolveParams } from '../core/params.ts'
import { left, type ReportTable, text } from './table.ts'

const spoken = (value: unknown): string =>
  value !== null && typeof value === 'object'
    ? Object.entries(value)
        .map(([name, each]) => `${name} ${spoken(each)}`)
        .join(', ')
    : String(value)

const paramRow = (name: string, spec: ParamSpec): string[] => [
  `parameter ${name}`,
  `${spec.default} (${describeRange(spec)}): ${spec.meaning}`,
]

/** Promises that are values, at the default parameters; `check` holds the operator to them. */
function promiseRows(name: string, spec: OperatorSpec): string[][] {
  const promised = promisesOf(spec, resolveParams(spec.params, {}, name))
  return Object.entries(promised).flatMap(([what, value]) =>
    typeof value === 'function' ? [] : [[`promises ${what}`, spoken(value)]],
  )
}

/** Letters and digits of the first author, the year and the first long word of the title. */
function keyOf({ authors, year, title }: Citation): string {
  const author =
    authors
      .split(/,| and /)[0]
      .trim()
      .split(' ')
      .at(-1) ?? ''
  const word = title.split(/\W+/).find((each) => each.length > 3) ?? ''
  return `${author}${year}${word}`.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** One line, so that it can be copied out of a table. */
function bibtex(citation: Citation): string {
  const { authors, title, venue, year, url } = citation
  const names = authors
    .split(/\s*,\s*|\s+and\s+/)
    .filter(Boolean)
    .join(' and ')
  const fields = [`author = {${names}}`, `title = {${title}}`, `year = {${year}}`, `note = {${venue}}`]
  return `@misc{${keyOf(citation)}, ${[...fields, ...(url ? [`url = {${url}}`] : [])].join(', ')}}`
}

/** @param family the method that the operator is of, where it has one */
export function methodTable(name: string, spec: OperatorSpec, family: Method | undefined): ReportTable {
  const { forward, backward, memory } = spec.growth
  const rows = [
    ...Object.entries(spec.params).map(([param, each]) => paramRow(param, each)),
    ['gradient', gradientKind(spec, resolveParams(spec.params, {}, name))],
    ['engine', spec.fast ? 'kernels in WebAssembly, and a reference' : 'reference'],
    ['growth', `forward ${forward}, backward ${backward}, memory ${memory}`],
    ['weights', spec.weighted ? 'item weights' : 'none of items'],
    ...promiseRows(name, spec),
    ...(family?.citations ?? []).flatMap((each) => [
      ['source', `${each.authors}: ${each.title}. ${each.venue}, ${each.year}${each.url ? `. ${each.url}` : ''}`],
      ['BibTeX', bibtex(each)],
    ]),
    ['safe values', `docs/parameters.md; on this machine: rank-bench run -e stability -m ${name}`],
    ['laws', `rank-bench check ${name}`],
  ]
  return {
    id: `method/${name}`,
    title: family ? `${name}: ${family.title}` : name,
    about: [],
    columns: [left('fact'), left('value')],
    rows: rows.map((row) => row.map(text)),
    notes: [],
  }
}
