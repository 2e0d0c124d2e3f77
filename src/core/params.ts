/** Declared parameter spaces: what a method, data set or experiment can be told, checked once at the edge. */

import { decimal } from './decimal.ts'
import { usageError } from './errors.ts'
import { suggest } from './suggest.ts'

export type ParamValue = number | string | boolean
export type Params = Readonly<Record<string, ParamValue>>

interface Named {
  /** Other names that are still read; resolved parameters have the declared one only. */
  readonly aliases?: readonly string[]
}

export type ParamSpec = Named & Kind

type Kind =
  | {
      readonly kind: 'number'
      readonly default: number
      readonly min?: number
      readonly max?: number
      /** The bound `min` itself is not allowed. */
      readonly exclusiveMin?: boolean
      readonly integer?: boolean
      /** May be several numbers at once, written 0.25x0.5: then the resolved value is that text. */
      readonly several?: true
      /** Values that `check` and the stability map try; default: around the default. */
      readonly tried?: readonly number[]
      readonly meaning: string
    }
  | { readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[]; readonly meaning: string }
  | { readonly kind: 'flag'; readonly default: boolean; readonly meaning: string }
  /** Free text: a path, or the selector of another method. */
  | {
      readonly kind: 'text'
      readonly default: string
      /** Values that `check` tries; default: the default. */
      readonly examples?: readonly string[]
      /** The operator whose methods are named: `check` tries all of them, and each of their parameters. */
      readonly selects?: string
      /** Parameters of these methods that are not to be set. */
      readonly except?: readonly string[]
      readonly meaning: string
    }

export type ParamSpace = Readonly<Record<string, ParamSpec>>

/** The parameters of `space`, those that are given taken over, the others at their defaults. */
export const sharedParams = (space: ParamSpace, given: Params): Params =>
  Object.fromEntries(Object.entries(space).map(([name, spec]) => [name, given[name] ?? spec.default]))

/** The allowed values of a parameter, as a person would write them. */
export function describeRange(spec: ParamSpec): string {
  switch (spec.kind) {
    case 'choice':
      return spec.choices.join(' | ')
    case 'flag':
      return 'true | false'
    case 'text':
      return 'text'
    case 'number': {
      const low = spec.min === undefined ? '' : `${spec.exclusiveMin ? '>' : '>='} ${spec.min}`
      const high = spec.max === undefined ? '' : `<= ${spec.max}`
      const bounds = [low, high].filter(Boolean).join(' and ')
      const several = spec.several ? ', or several joined by x' : ''
      return `${spec.integer ? 'integer' : 'number'}${bounds ? ` ${bounds}` : ''}${several}`
    }
  }
}

function parseNumber(text: string, spec: Extract<ParamSpec, { kind: 'number' }>): number | undefined {
  const value = decimal(text)
  if (value === undefined) return undefined
  // Beyond 2^53 the number that is typed is not the one that is held.
  if (spec.integer && !Number.isSafeInteger(value)) return undefined
  if (spec.min !== undefined && (spec.exclusiveMin ? value <= spec.min : value < spec.min)) return undefined
  if (spec.max !== undefined && value > spec.max) return undefined
  return value
}

/** The numbers in one way of writing them, or nothing where one is not allowed. A list of one keeps its x: `0.5x`. */
function parseNumbers(text: string, spec: Extract<ParamSpec, { kind: 'number' }>): string | undefined {
  const words = text.replace(/x$/, '').split('x')
  const numbers = words.map((word) => parseNumber(word, spec))
  if (numbers.includes(undefined)) return undefined
  return numbers.length === 1 ? `${numbers[0]}x` : numbers.join('x')
}

/** A parameter as text; a list of numbers joined by x. */
const textOf = (value: unknown): string =>
  Array.isArray(value) || ArrayBuffer.isView(value) ? `${Array.from(value as number[]).join('x')}x` : String(value)

function parseValue(text: string, spec: ParamSpec): ParamValue | undefined {
  switch (spec.kind) {
    case 'number':
      return spec.several && text.includes('x') ? parseNumbers(text, spec) : parseNumber(text, spec)
    case 'choice':
      return spec.choices.includes(text) ? text : undefined
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'text':
      return text
  }
}

/** The name under which a parameter is declared; undefined for one that is not. */
export function declaredName(space: ParamSpace, name: string): string | undefined {
  if (Object.hasOwn(space, name)) return name
  return Object.keys(space).find((declared) => space[declared].aliases?.includes(name))
}

function byDeclaredName(
  space: ParamSpace,
  given: Readonly<Record<string, unknown>>,
  owner: string,
): Record<string, unknown> {
  const named: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const declared = declaredName(space, name)!
    if (declared in named)
      throw usageError(`${owner}: ${declared} is given twice, as ${name} too; expected one of them`)
    named[declared] = value
  }
  return named
}

/**
 * Every parameter of `space`, given values parsed and checked, the others at their defaults, in declared order.
 * @throws RankBenchError(usage) for an unknown name or a value out of range; `owner` is named in the message.
 */
export function resolveParams(space: ParamSpace, given: Readonly<Record<string, unknown>>, owner: string): Params {
  for (const name of Object.keys(given)) {
    if (declaredName(space, name) !== undefined) continue
    const near = suggest(name, Object.keys(space))
    const known = Object.keys(space).join(', ') || 'none'
    throw usageError(
      `${owner} has no parameter "${name}"; it has: ${known}`,
      near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined,
    )
  }
  const named = byDeclaredName(space, given, owner)
  const resolved: Record<string, ParamValue> = {}
  for (const [name, spec] of Object.entries(space)) {
    if (!(name in named)) {
      resolved[name] = spec.default
      continue
    }
    const value = parseValue(textOf(named[name]), spec)
    if (value === undefined) {
      throw usageError(`${owner}: ${name} is "${named[name]}"; expected ${describeRange(spec)} (${spec.meaning})`)
    }
    resolved[name] = value
  }
  return resolved
}

const kinds: readonly string[] = ['number', 'choice', 'flag', 'text'] satisfies ParamSpec['kind'][]

/** What is wrong with a declared parameter, as one clause, or undefined: plug-ins come without types. */
export function faultOfParam(spec: unknown): string | undefined {
  if (typeof spec !== 'object' || spec === null) return `it is ${spec}; expected an object`
  const { kind, default: preset, choices } = spec as { kind?: unknown; default?: unknown; choices?: unknown }
  if (!kinds.includes(kind as string)) return `its kind is ${JSON.stringify(kind)}; expected ${kinds.join(', ')}`
  if (kind === 'choice' && !Array.isArray(choices)) return 'a choice needs a list of choices'
  if (parseValue(String(preset), spec as ParamSpec) === preset) return undefined
  return `its default is ${JSON.stringify(preset)}; expected ${describeRange(spec as ParamSpec)}`
}
