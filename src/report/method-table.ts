/** Everything about one operator, as a table. */

import type { Method, OperatorSpec } from '../core/method.ts'
import { gradientKind, promisesOf } from '../core/method.ts'
import { describeRange, type ParamSpec, resolveParams } from '../core/params.ts'
import { bibtex } from './bibtex.ts'
import { left, type ReportTable, text } from './table.ts'

/** Softness that is safe for rows of n values of standard deviation 1. */
interface SafeSoftness {
  readonly n: number
  readonly low: number
  readonly high: number
}

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
function safeRows(name: string, spec: OperatorSpec, safe: readonly SafeSoftness[]): string[][] {
  const { softness } = promisesOf(spec, resolveParams(spec.params, {}, name))
  if (!softness || safe.length === 0) return []
  const told = safe.map(({ n, low, high }) => `rows of ${n}: ${valuesBetween(low, high, softness.inverse ?? false)}`)
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

/**
 * @param family the method that the operator is of, where it has one
 * @param safe read off a stability map, where it was mapped
 */
export function methodTable(
  name: string,
  spec: OperatorSpec,
  family: Method | undefined,
  safe: readonly SafeSoftness[] = [],
): ReportTable {
  const { forward, backward, memory } = spec.growth
  const rows = [
    ...Object.entries(spec.params).map(([param, each]) => paramRow(param, each)),
    ['gradient', gradientKind(spec, resolveParams(spec.params, {}, name))],
    ['engine', spec.fast ? 'kernels in WebAssembly, and a reference' : 'reference'],
    ['growth', `forward ${forward}, backward ${backward}, memory ${memory}`],
    ['weights', spec.weighted ? 'item weights' : 'none of items'],
    ...safeRows(name, spec, safe),
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
