/** Options of the library, read once and in one way: an unknown name is refused with the nearest known one. */

import { usageError, valueError } from '../core/errors.ts'
import { type Execution, mostThreads } from '../core/method.ts'
import { suggest } from '../core/suggest.ts'

/** What an option may be: nothing to say, or what was expected. */
type Expected = (value: unknown) => string | undefined

const oneOf =
  (...choices: readonly unknown[]): Expected =>
  (value) =>
    choices.includes(value) ? undefined : choices.join(' or ')

const ofType =
  (type: string, words: string): Expected =>
  (value) =>
    typeof value === type ? undefined : words

/** Looked at where its shape is known. */
const anything: Expected = () => undefined

const isThreads = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostThreads

/** How a plan is carried out. */
export const execution = {
  precision: oneOf('f32', 'f64'),
  engine: oneOf('fast', 'reference'),
  threads: (value: unknown) => (isThreads(value) ? undefined : `a whole number from 1 to ${mostThreads}`),
  reuseOrder: ofType('boolean', 'true or false'),
} as const satisfies Readonly<Record<string, Expected>>

/** What belongs to the items and rows that are given. */
export const parts = {
  mask: anything,
  labels: anything,
  weights: anything,
  listWeights: anything,
  cotangent: anything,
  tangent: anything,
  hessian: oneOf('diagonal'),
  onWarning: ofType('function', 'a function'),
  onEngine: ofType('function', 'a function'),
} as const satisfies Readonly<Record<string, Expected>>

const show = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value))

/** Names and values of the options that were given. @throws RankBenchError(usage) on what is no object */
export function entriesOf(given: unknown, owner: string): [name: string, value: unknown][] {
  if (given === undefined) return []
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given)
  if (isObject) return Object.entries(given).filter(([, value]) => value !== undefined)
  throw usageError(`${owner}: options are ${show(given)}; expected an object such as { precision: 'f64' }`)
}

/**
 * The options that were given: those that are undefined count as not given.
 * @throws RankBenchError(usage) for a name that is not among `known`, or a value that is none of those expected
 */
export function readOptions<O extends object>(
  given: O | undefined,
  known: Readonly<Record<string, Expected>>,
  owner: string,
): O {
  const read: Record<string, unknown> = {}
  for (const [name, value] of entriesOf(given, owner)) {
    if (!Object.hasOwn(known, name)) throw unknownOption(name, Object.keys(known), owner)
    const expected = known[name](value)
    if (expected) throw usageError(`${owner}: ${name} is ${show(value)}; expected ${expected}`)
    read[name] = value
  }
  return read as O
}

function unknownOption(name: string, known: readonly string[], owner: string): Error {
  const near = suggest(name, known)
  return usageError(
    `${owner} has no option "${name}"; it has: ${known.join(', ')}`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined,
  )
}

/** Options that say how a plan is carried out. */
export const executionOf = (options: Execution): Execution => ({
  engine: options.engine,
  threads: options.threads,
  reuseOrder: options.reuseOrder,
})

/** @throws RankBenchError(value) unless `selector` is text */
export function requireSelector(selector: unknown): asserts selector is string {
  if (typeof selector === 'string') return
  throw valueError(`the selector is ${show(selector)}; expected text such as 'rank:permutahedron[strength=1]'`)
}
