/**
 * One line of a LETOR/SVMlight ranking file, `label qid:ID f:v f:v ... # comment`, read from its bytes.
 * Numbers are read digit by digit; what a double cannot hold exactly that way goes through Number().
 */

const space = 32
const tab = 9
const colon = 58
const hash = 35
const zero = 48
const nine = 57
const dot = 46
const minus = 45

/** Where a reader stands. `bytes` holds whole lines. */
export interface Cursor {
  readonly bytes: Uint8Array
  at: number
  /** End of the line, without its line break. */
  end: number
}

/** What is wrong with a line; the caller adds file and line number. */
export class LineProblem extends Error {}

const problem = (message: string): LineProblem => new LineProblem(message)

export function skipBlanks(cursor: Cursor): void {
  const { bytes } = cursor
  while (cursor.at < cursor.end && (bytes[cursor.at] === space || bytes[cursor.at] === tab)) cursor.at++
}

export const atCommentOrEnd = (cursor: Cursor): boolean => cursor.at >= cursor.end || cursor.bytes[cursor.at] === hash

const isBlank = (byte: number): boolean => byte === space || byte === tab

/** Text up to the next blank, colon or comment. */
export function readWord(cursor: Cursor): string {
  const start = cursor.at
  const { bytes } = cursor
  while (
    cursor.at < cursor.end &&
    !isBlank(bytes[cursor.at]) &&
    bytes[cursor.at] !== colon &&
    bytes[cursor.at] !== hash
  )
    cursor.at++
  return latin(bytes, start, cursor.at)
}

export const latin = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')

const powers = Float64Array.from({ length: 23 }, (_, k) => 10 ** k)
/** Up to 15 digits over a power of ten up to 22 is the nearest double (one rounding). */
const exactDigits = 15

/** A finite number; advances past it. @throws LineProblem */
export function readNumber(cursor: Cursor, what: string): number {
  const { bytes, end } = cursor
  const start = cursor.at
  let at = start
  const negative = bytes[at] === minus
  if (negative) at++
  let [mantissa, digits, decimals] = [0, 0, 0]
  for (; at < end && bytes[at] >= zero && bytes[at] <= nine; at++, digits++)
    mantissa = mantissa * 10 + (bytes[at] - zero)
  if (at < end && bytes[at] === dot) {
    for (at++; at < end && bytes[at] >= zero && bytes[at] <= nine; at++, digits++, decimals++)
      mantissa = mantissa * 10 + (bytes[at] - zero)
  }
  const ended = at >= end || isBlank(bytes[at]) || bytes[at] === hash
  if (!ended || digits === 0 || digits > exactDigits) return readSlowNumber(cursor, what)
  cursor.at = at
  const value = mantissa / powers[decimals]
  return negative ? -value : value
}

/** Exponents, many digits, and everything that is not a number. */
function readSlowNumber(cursor: Cursor, what: string): number {
  const word = readWord(cursor)
  const value = word === '' ? Number.NaN : Number(word)
  if (Number.isFinite(value)) return value
  throw problem(`${what} is "${word.slice(0, 40)}"; expected a finite number`)
}

/** A label: 0 or more. */
export function readLabel(cursor: Cursor): number {
  const label = readNumber(cursor, 'the label')
  if (label < 0) throw problem(`the label is ${label}; expected 0 or more`)
  return label
}

/** `qid:ID`. */
export function readQuery(cursor: Cursor): string {
  skipBlanks(cursor)
  const word = readWord(cursor)
  if (word !== 'qid' || cursor.bytes[cursor.at] !== colon)
    throw problem(`"${word.slice(0, 40)}" stands where qid:<query> was expected`)
  cursor.at++
  const query = readWord(cursor)
  if (query === '') throw problem('the query id is empty; expected qid:<query>')
  return query
}

/** Feature number of `f:`, 1-based, increasing along the line. */
export function readFeatureIndex(cursor: Cursor, previous: number): number {
  const { bytes, end } = cursor
  let index = 0
  const start = cursor.at
  while (cursor.at < end && bytes[cursor.at] >= zero && bytes[cursor.at] <= nine)
    index = index * 10 + (bytes[cursor.at++] - zero)
  if (cursor.at === start || bytes[cursor.at] !== colon) {
    cursor.at = start
    throw problem(`"${readWord(cursor).slice(0, 40)}" is not <feature>:<value>`)
  }
  cursor.at++
  if (index < 1) throw problem('feature 0; features are numbered from 1')
  if (index === previous) throw problem(`feature ${index} is given twice`)
  if (index < previous) throw problem(`feature ${index} comes after feature ${previous}; expected increasing numbers`)
  return index
}

/** The name after `docid =` in a comment, as LETOR writes it. */
export function readDocument(cursor: Cursor): string | undefined {
  if (cursor.at >= cursor.end) return undefined
  const comment = latin(cursor.bytes, cursor.at + 1, cursor.end)
  return /docid\s*=\s*(\S+)/.exec(comment)?.[1]
}
