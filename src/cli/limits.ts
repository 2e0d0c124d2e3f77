/** What one visit may take, as it is typed: seconds and GiB. */

import { InvalidArgumentError } from 'commander'
import { integer } from './arguments.ts'

/** Timers hold 31 bits of milliseconds. */
const mostSeconds = Math.floor((2 ** 31 - 1) / 1000)

export function seconds(text: string): number {
  const value = integer(text)
  if (value < 1 || value > mostSeconds) throw new InvalidArgumentError(`expected 1 to ${mostSeconds} seconds.`)
  return value
}

export function gibibytes(text: string): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('expected GiB, more than 0, e.g. 4 or 0.5.')
  return value
}
