/** Words and lists as they are typed after an option, checked once, at the edge: every verb reads them the same way. */

import { InvalidArgumentError } from 'commander'
import type { Precision } from '../core/shape.ts'
import { expectedShard, parseShard, shardText } from '../core/shard.ts'
import { integer } from './numbers.ts'

const precisions: readonly string[] = ['f32', 'f64'] satisfies Precision[]

const spoken = (text: string): string => JSON.stringify(text)

/** The name of a thing that an option asks for: a file, a folder, a paper. */
export function word(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('read nothing; expected a name.')
}

/** A word each time; repeatable. */
export const words = (text: string, previous: readonly string[] = []): string[] => [...previous, word(text)]

/** `2/8`, or `auto`. */
export function shard(text: string): string {
  if (text.trim() === 'auto') return 'auto'
  try {
    return shardText(parseShard(text))
  } catch {
    throw new InvalidArgumentError(`expected ${expectedShard}.`)
  }
}

/** Words joined by commas, each once. */
export function list(text: string): string[] {
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
