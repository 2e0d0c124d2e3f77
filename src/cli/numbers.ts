/** Numbers as they are typed after an option, checked once, at the edge: every verb reads them the same way. */

import { InvalidArgumentError } from 'commander'
import { decimal } from '../core/decimal.ts'

/** `0`, `12`: plain digits, and small enough to be held exactly. */
export function integer(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError(`read ${JSON.stringify(text)}; expected a whole number from 0 to 2^53 - 1.`)
}

/** A number of things of which there has to be one: jobs, rows, threads. */
function count(text: string): number {
  const value = integer(text)
  if (value > 0) return value
  throw new InvalidArgumentError('read 0; expected 1 or more.')
}

/** As `count`, up to what anything here can use. */
export const countUpTo =
  (most: number, unit = '') =>
  (text: string): number => {
    const value = count(text)
    if (value <= most) return value
    throw new InvalidArgumentError(`read ${text}; expected 1 to ${most}${unit}.`)
  }

/** `2`, `0.5`, `1e-3`. */
export function number(text: string): number {
  const value = decimal(text)
  if (value !== undefined) return value
  throw new InvalidArgumentError(`read ${JSON.stringify(text)}; expected a number, e.g. 4 or 0.5.`)
}
