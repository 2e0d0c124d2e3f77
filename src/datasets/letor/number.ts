/**
 * Numbers of a ranking file, read from their bytes: digit by digit where that is exact, through Number() for the rest.
 * Only decimal notation counts: Number() alone would also take 0x10, 0b11, and blanks of other alphabets.
 */

import { shown } from '../../core/printable.ts'
import { type Cursor, colon, dot, hash, isBlank, minus, nine, problem, textOf, zero } from './cursor.ts'

const powers = Float64Array.from({ length: 23 }, (_, k) => 10 ** k)
/** Up to 15 digits over a power of ten up to 22 is the nearest double: both are exact, so one rounding. */
const exactDigits = 15
/** Decimal notation, as files write numbers; Number() alone would also take 0x10, 0b11 and blanks. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** Up to the next blank or comment. */
function readToken(cursor: Cursor): string {
  const { bytes, end, at: start } = cursor
  while (cursor.at < end && !isBlank(bytes[cursor.at]) && bytes[cursor.at] !== hash) cursor.at++
  return textOf(bytes, start, cursor.at)
}

/** Exponents, many digits, and everything that is not a number. */
function readSlowNumber(cursor: Cursor, what: string | number): number {
  const token = readToken(cursor)
  const value = decimal.test(token) ? Number(token) : Number.NaN
  // 1e39 is a double but not a 32-bit float: it would be stored as infinity.
  if (Number.isFinite(Math.fround(value))) return value
  const name = typeof what === 'number' ? `feature ${what}` : what
  throw problem(`${name} is ${shown(token)}; expected a finite number (stored as a 32-bit float)`)
}

/** The number at the cursor, which moves past it. @param what errors call it, or its feature number @throws LineProblem */
export function readNumber(cursor: Cursor, what: string | number): number {
  const { bytes, end, at: start } = cursor
  let at = start
  const negative = bytes[at] === minus
  if (negative) at++
  let mantissa = 0
  const whole = at
  let byte = 0
  for (; at < end; at++) {
    byte = bytes[at]
    if (byte < zero || byte > nine) break
    mantissa = mantissa * 10 + (byte - zero)
  }
  let digits = at - whole
  let decimals = 0
  if (at < end && byte === dot) {
    const fraction = ++at
    for (; at < end; at++) {
      byte = bytes[at]
      if (byte < zero || byte > nine) break
      mantissa = mantissa * 10 + (byte - zero)
    }
    decimals = at - fraction
    digits += decimals
  }
  const ended = at >= end || isBlank(byte) || byte === hash
  if (!ended || digits === 0 || digits > exactDigits) return readSlowNumber(cursor, what)
  cursor.at = at
  const value = mantissa / powers[decimals]
  return negative ? -value : value
}

/** `f` of `f:value`; the cursor moves past the colon. @param first the smallest number allowed @throws LineProblem */
export function readFeatureIndex(cursor: Cursor, first: number): number {
  const { bytes, end, at: start } = cursor
  let at = start
  let index = 0
  for (; at < end; at++) {
    const byte = bytes[at]
    if (byte < zero || byte > nine) break
    index = index * 10 + (byte - zero)
  }
  if (at === start || at >= end || bytes[at] !== colon)
    throw problem(`${shown(readToken(cursor))} is not <feature>:<value>`)
  cursor.at = at + 1
  if (index >= first) return index
  throw problem('feature 0; features are numbered from 1, unless the file is said to be zero-based')
}
