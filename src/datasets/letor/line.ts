/** The words of one line of a LETOR/SVMlight ranking file, `label qid:ID f:v f:v ... # comment`. */

import { type Cursor, colon, hash, isBlank, problem, skipBlanks, textOf } from './cursor.ts'
import { readNumber } from './number.ts'

/** A label: 0 or more. */
export function readLabel(cursor: Cursor): number {
  const label = readNumber(cursor, 0)
  if (label < 0) throw problem(`the label is ${label}; expected 0 or more`)
  // -0 is 0 to every metric, but not to a digest or a test.
  return label + 0
}

/** Text up to the next blank, colon or comment. */
function readWord(cursor: Cursor): string {
  const { bytes, end, at: start } = cursor
  while (cursor.at < end) {
    const byte = bytes[cursor.at]
    if (isBlank(byte) || byte === colon || byte === hash) break
    cursor.at++
  }
  return textOf(bytes, start, cursor.at)
}

/** `qid:ID`. */
export function readQuery(cursor: Cursor): string {
  skipBlanks(cursor)
  const word = readWord(cursor)
  if (word !== 'qid' || cursor.bytes[cursor.at] !== colon) {
    throw problem(`"${word.slice(0, 40)}" stands where qid:<query> was expected`)
  }
  cursor.at++
  const query = readWord(cursor)
  if (query === '') throw problem('the query id is empty; expected qid:<query>')
  return query
}

/** The name after `docid =` in a comment, as LETOR writes it. */
export function readDocument(cursor: Cursor): string | undefined {
  if (cursor.at >= cursor.end) return undefined
  const comment = textOf(cursor.bytes, cursor.at + 1, cursor.end)
  return /docid\s*=\s*(\S+)/.exec(comment)?.[1]
}
