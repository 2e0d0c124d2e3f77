/** `list methods NAME`: everything about one operator. */

import type { Citation, OperatorSpec } from '../core/method.ts'
import { gradientKind, promisesOf } from '../core/method.ts'
import { describeRange, type ParamSpec, resolveParams } from '../core/params.ts'
import { expandSelectors, parseSelector, splitSelectors } from '../core/selector.ts'
import { methods } from '../methods/registry.ts'
import { operators } from '../registry.ts'
import { left, type ReportTable, text } from '../report/table.ts'

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
export function bibtex(citation: Citation): string {
  const { authors, title, venue, year, url } = citation
  const names = authors
    .split(/\s*,\s*|\s+and\s+/)
    .filter(Boolean)
    .join(' and ')
  const fields = [`author = {${names}}`, `title = {${title}}`, `year = {${year}}`, `note = {${venue}}`]
  return `@misc{${keyOf(citation)}, ${[...fields, ...(url ? [`url = {${url}}`] : [])].join(', ')}}`
}

function methodTable(name: string): ReportTable {
  const spec = operators.get(name)!
  const family = methods.find((each) => each.name === name.slice(name.indexOf(':') + 1))
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

/** A table an operator that a selector names. @throws RankBenchError(usage) with the nearest names */
export function methodTables(words: readonly string[]): ReportTable[] {
  const spaces = new Map([...operators].map(([name, { params }]) => [name, params]))
  const refs = expandSelectors(words.flatMap(splitSelectors).map(parseSelector), spaces, 'method')
  return [...new Set(refs.map(({ name }) => name))].map(methodTable)
}
