/** What is typed after an option, checked once, at the edge: every verb reads numbers and lists the same way. */

import { InvalidArgumentError } from 'commander'
import type { Precision } from '../core/shape.ts'

const precisions: readonly string[] = ['f32', 'f64'] satisfies Precision[]

const spoken = (text: string): string => JSON.stringify(text)

/** `0`, `12`: plain digits, and small enough to be held exactly. */
export function integer(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError(`read ${spoken(text)}; expected a whole number from 0 to 2^53 - 1.`)
}

/** A number of things of which there has to be one: jobs, rows, threads. */
export function count(text: string): number {
  const value = integer(text)
  if (value > 0) return value
  throw new InvalidArgumentError('read 0; expected 1 or more.')
}

function list(text: string): string[] {
  const words = text.split(',').map((word) => word.trim())
  if (words.includes('')) throw new InvalidArgumentError(`read ${spoken(text)}, with an empty entry.`)
  const twice = words.find((word, i) => words.indexOf(word) < i)
  if (twice !== undefined) throw new InvalidArgumentError(`read ${spoken(twice)} twice; expected each once.`)
  return words
}

export const integers = (text: string): number[] => {
  const values = list(text).map(integer)
  if (new Set(values).size < values.length) throw new InvalidArgumentError(`read ${text}; expected each number once.`)
  return values
}

export function precisionList(text: string): Precision[] {
  const words = list(text)
  const unknown = words.find((word) => !precisions.includes(word))
  if (unknown === undefined) return words as Precision[]
  throw new InvalidArgumentError(`read ${spoken(unknown)}; expected ${precisions.join(', ')} or both, as f32,f64.`)
}

/** A selector, or several joined by commas; repeatable. */
export function selectors(text: string, previous: string[] = []): string[] {
  if (text.trim() === '') throw new InvalidArgumentError('read nothing; expected a selector.')
  return [...previous, text.trim()]
}

/** An option that may be given again and again. */
export const collect = (text: string, previous: string[] = []): string[] => [...previous, text]
