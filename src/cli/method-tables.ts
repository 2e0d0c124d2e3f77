/** `list methods NAME`: everything about one operator. */

import { safeRanges } from '../api/safe-ranges.ts'
import type { OperatorSpec } from '../core/method.ts'
import { gradientKind, promisesOf } from '../core/method.ts'
import { describeRange, type ParamSpec, resolveParams } from '../core/params.ts'
import { expandSelectors, parseSelector, splitSelectors } from '../core/selector.ts'
import { methods } from '../methods/registry.ts'
import { operators } from '../registry.ts'
import { left, type ReportTable, text } from '../report/table.ts'
import { bibtex } from './bibtex.ts'

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

/** Read off the stability map that ships. */
function safeRows(name: string, spec: OperatorSpec): string[][] {
  const { softness } = promisesOf(spec, resolveParams(spec.params, {}, name))
  const ranges = safeRanges[name]
  if (!softness || !ranges) return []
  const told = ranges.map(({ n, low, high }) => `rows of ${n}: ${valuesBetween(low, high, softness.inverse ?? false)}`)
  return [[`safe ${softness.param}`, `${told.join('; ')} (standard deviation of the values 1, f32)`]]
}

/** Softness between bounds as the parameter that sets it, which may be its inverse; the map ends at 0 and infinity. */
function valuesBetween(low: number, high: number, inverse: boolean): string {
  const [from, to] = inverse ? [1 / high, 1 / low] : [low, high]
  if (from === 0) return to === Number.POSITIVE_INFINITY ? 'any' : `up to ${rounded(to)}`
  if (to === Number.POSITIVE_INFINITY) return `from ${rounded(from)} on`
  return from === to ? `about ${rounded(from)}` : `${rounded(from)} to ${rounded(to)}`
}

const rounded = (value: number): string => String(Number(value.toPrecision(2)))

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
    ...safeRows(name, spec),
    ...promiseRows(name, spec),
    ...(family?.citations ?? []).flatMap((each) => [
      ['source', `${each.authors}: ${each.title}. ${each.venue}, ${each.year}${each.url ? `. ${each.url}` : ''}`],
      ['BibTeX', bibtex(each)],
    ]),
    [
      'safe ranges',
      `what goes wrong beyond them: docs/parameters.md; the map anew: rank-bench run -e stability -m ${name}`,
    ],
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
