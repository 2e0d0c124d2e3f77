/**
 * The selector grammar, the same in flags, configs, result keys and reports:
 *
 *   operator:method[param=value,param=a|b]      one or several points of a grid
 *   sort|rank:neuralsort[tau=0.1..1.6]          a..b doubles from a to b
 *   rank:*        !rank:sigmoid                 globs and exclusion
 *   loss:spearman[rank=sigmoid[strength=2]]     values may hold selectors
 *
 * Parsing gives typed values; nothing below the edge reads selector text again.
 */

import { usageError } from './errors.ts'
import { declaredName, type ParamSpace, type Params, resolveParams } from './params.ts'
import { didYouMean } from './suggest.ts'

/** One point of a grid: a catalogue name with every parameter resolved. */
export interface Ref {
  readonly name: string
  readonly params: Params
}

export interface Selector {
  readonly text: string
  readonly exclude: boolean
  /** Name patterns; a name matches when it matches any of them. */
  readonly patterns: readonly string[]
  readonly grid: Readonly<Record<string, readonly string[]>>
}

/** What a selector is matched against: names and their parameter spaces. */
export type Catalogue = ReadonlyMap<string, ParamSpace>

/** Split at a separator, but not inside brackets. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') depth++
    else if (text[i] === ']') depth--
    else if (depth === 0 && text[i] === separator) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

/** Commas between selectors in one flag: `rank:*,!rank:sigmoid`. */
export const splitSelectors = (text: string): string[] =>
  splitOutside(text, ',')
    .map((part) => part.trim())
    .filter(Boolean)

/** `a..b` doubles from a up to and including b where the last step reaches it. */
function doublings(text: string): string[] | undefined {
  const range = /^([\d.eE+-]+)\.\.([\d.eE+-]+)$/.exec(text)
  if (!range) return undefined
  const [low, high] = [Number(range[1]), Number(range[2])]
  if (!(low > 0) || !(high >= low) || !Number.isFinite(high)) {
    throw usageError(`range "${text}": expected a..b with 0 < a <= b`)
  }
  const values: string[] = []
  for (let value = low; value <= high * (1 + 1e-12); value *= 2) values.push(String(Number(value.toPrecision(12))))
  return values
}

function parseGrid(body: string, text: string): Record<string, readonly string[]> {
  const grid: Record<string, readonly string[]> = {}
  for (const part of splitOutside(body, ',')) {
    if (part.trim() === '' && body.trim() === '') continue
    const at = part.indexOf('=')
    const name = part.slice(0, at).trim()
    if (at < 1 || name === '') throw usageError(`selector "${text}": "${part}" is not param=value`)
    if (name in grid) throw usageError(`selector "${text}": parameter "${name}" is given twice; write ${name}=a|b`)
    grid[name] = splitOutside(part.slice(at + 1), '|').flatMap((value) => doublings(value.trim()) ?? [value.trim()])
  }
  return grid
}

function balanced(text: string): boolean {
  let depth = 0
  for (const character of text) {
    if (character === '[') depth++
    if (character === ']' && --depth < 0) return false
  }
  return depth === 0
}

/** @throws RankBenchError(usage) when the text is not of the grammar. */
export function parseSelector(text: string): Selector {
  const trimmed = text.trim()
  const exclude = trimmed.startsWith('!')
  const body = exclude ? trimmed.slice(1) : trimmed
  const open = body.indexOf('[')
  const head = open < 0 ? body : body.slice(0, open)
  if (!/^[\w*:|./-]+$/.test(head) || !balanced(body) || (open >= 0 && !body.endsWith(']'))) {
    throw usageError(`selector "${text}" is not operator:method[param=value,param=a|b]`)
  }
  const colon = head.indexOf(':')
  const operators = colon < 0 ? [''] : head.slice(0, colon).split('|')
  const names = (colon < 0 ? head : head.slice(colon + 1)).split('|')
  const patterns = operators.flatMap((operator) => names.map((name) => (operator ? `${operator}:${name}` : name)))
  return { text: trimmed, exclude, patterns, grid: open < 0 ? {} : parseGrid(body.slice(open + 1, -1), trimmed) }
}

/** Several stars in a row are one: as regular expressions they would try every way to share a name. */
const globToRegExp = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`)

/** A pattern without an operator matches the method under every operator. */
function matches(pattern: string, name: string): boolean {
  const regexp = globToRegExp(pattern)
  return regexp.test(name) || (!pattern.includes(':') && regexp.test(name.slice(name.indexOf(':') + 1)))
}

/** More points than anybody measures; a product of ranges has them before it is noticed. */
const mostPoints = 10_000

/** @throws RankBenchError(usage) for more points than can be planned */
function gridPoints({ grid, text }: Selector): Record<string, string>[] {
  const count = Object.values(grid).reduce((product, values) => product * values.length, 1)
  if (count > mostPoints) throw usageError(`selector "${text}" spans ${count} points; at most ${mostPoints}`)
  let points: Record<string, string>[] = [{}]
  for (const [name, values] of Object.entries(grid)) {
    points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })))
  }
  return points
}

/**
 * All points that `selectors` span over `catalogue`, in order of mention, without repeats.
 * A glob skips names that lack one of its parameters; a plain name with an unknown parameter is an error.
 * @throws RankBenchError(usage) when a selector matches nothing.
 */
export function expandSelectors(selectors: readonly Selector[], catalogue: Catalogue, what: string): Ref[] {
  const names = [...catalogue.keys()]
  const listCommand = `rank-bench list ${what}s`
  const refs = new Map<string, Ref>()
  for (const selector of selectors) {
    const matched = names.filter((name) => selector.patterns.some((pattern) => matches(pattern, name)))
    if (matched.length === 0) {
      const word = selector.patterns[0]
      throw usageError(`no ${what} matches "${selector.text}"`, didYouMean(word, names, listCommand))
    }
    if (selector.exclude) {
      for (const [text, ref] of refs) {
        if (matched.includes(ref.name) && agrees(ref, selector, catalogue.get(ref.name)!)) refs.delete(text)
      }
      continue
    }
    const named = matched.length > 1 ? matched.filter((name) => declaresAll(catalogue.get(name)!, selector)) : matched
    if (named.length === 0)
      throw usageError(
        `"${selector.text}": none of the ${matched.length} ${what}s it matches has the parameters ${Object.keys(selector.grid).join(', ')}`,
        listCommand,
      )
    for (const name of named) {
      const space = catalogue.get(name)!
      for (const point of gridPoints(selector)) {
        const ref = { name, params: resolveParams(space, point, name) }
        refs.set(formatRef(ref), ref)
      }
    }
  }
  return [...refs.values()]
}

const declaresAll = (space: ParamSpace, { grid }: Selector): boolean =>
  Object.keys(grid).every((param) => declaredName(space, param) !== undefined)

/** Whether an exclusion names the ref: `0.10` is 0.1, and an older name of a parameter is its name. */
function agrees({ name, params }: Ref, { grid }: Selector, space: ParamSpace): boolean {
  return Object.entries(grid).every(([param, values]) => {
    const declared = declaredName(space, param)
    if (declared === undefined) return false
    return values.some((value) => resolveParams(space, { [declared]: value }, name)[declared] === params[declared])
  })
}

/** The canonical text of a ref: every parameter, in declared order. Used in keys. */
export function formatRef(ref: Ref): string {
  const params = Object.entries(ref.params).map(([name, value]) => `${name}=${value}`)
  return params.length > 0 ? `${ref.name}[${params.join(',')}]` : ref.name
}

/** Stored refs may call a parameter by an older name. */
function presetOf(space: ParamSpace | undefined, name: string): unknown {
  const declared = space && declaredName(space, name)
  return declared === undefined ? undefined : space![declared].default
}

/** The text a person reads: the name, the parameters in `always`, and those that differ from their defaults. */
export function labelRef(ref: Ref, space: ParamSpace | undefined, always: readonly string[] = []): string {
  const changed = Object.entries(ref.params).filter(
    ([name, value]) => always.includes(name) || presetOf(space, name) !== value,
  )
  return formatRef({ name: ref.name, params: Object.fromEntries(changed) })
}

/** The one ref a selector names. @throws RankBenchError(usage) when it spans none or several. */
export function resolveOne(text: string, catalogue: Catalogue, what: string): Ref {
  const refs = expandSelectors([parseSelector(text)], catalogue, what)
  if (refs.length === 1) return refs[0]
  throw usageError(
    `"${text}" names ${refs.length} ${what}s (${refs
      .slice(0, 4)
      .map((ref) => ref.name)
      .join(', ')}…); expected one`,
    `rank-bench list ${what}s`,
  )
}
