/** What one visit may take, as it is typed: seconds and GiB. */

import { InvalidArgumentError } from 'commander'
import { mostSeconds } from '../config/options.ts'
import { countUpTo, number } from './numbers.ts'

/** Limits that a timer can hold. */
export const seconds = countUpTo(mostSeconds, ' seconds')

export function gibibytes(text: string): number {
  const value = number(text)
  if (value > 0) return value
  throw new InvalidArgumentError('read 0; expected GiB, more than 0, e.g. 4 or 0.5.')
}
