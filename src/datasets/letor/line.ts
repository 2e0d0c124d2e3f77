/** The words of one line of a LETOR/SVMlight ranking file, `label qid:ID f:v f:v ... # comment`. */

import { shown } from '../../core/printable.ts'
import { isBlank } from '../../files/lines.ts'
import { atCommentOrEnd, type Cursor, colon, hash, problem, skipBlanks, textOf } from './cursor.ts'
import { readNumber } from './number.ts'

/** Whether the line gave a weight, as XGBoost writes it: `label:weight`. */
interface Label {
  readonly label: number
  readonly weighted: boolean
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

/** End of the word at the cursor, or its first colon. */
function colonOrEnd({ bytes, at, end }: Cursor): number {
  let i = at
  while (i < end && !isBlank(bytes[i]) && bytes[i] !== colon && bytes[i] !== hash) i++
  return i
}

/** A label, 0 or more, and its weight where there is one. */
export function readLabel(cursor: Cursor): Label {
  const word = colonOrEnd(cursor)
  const weighted = word < cursor.end && cursor.bytes[word] === colon
  const { end } = cursor
  if (weighted) cursor.end = word
  const label = readNumber(cursor, 'the label')
  cursor.end = end
  if (label < 0) throw problem(`the label is ${label}; expected 0 or more`)
  if (weighted) {
    cursor.at = word + 1
    readNumber(cursor, 'the weight')
  }
  // -0 is 0 to every metric, but not to a digest or a test.
  return { label: label + 0, weighted }
}

const startsQuery = ({ bytes, at, end }: Cursor): boolean =>
  at + 3 < end && bytes[at] === 113 && bytes[at + 1] === 105 && bytes[at + 2] === 100 && bytes[at + 3] === colon

/** `qid:ID`, or undefined where the line goes on without one. */
export function readQuery(cursor: Cursor): string | undefined {
  skipBlanks(cursor)
  if (!startsQuery(cursor)) return undefined
  cursor.at += 4
  const query = readWord(cursor)
  if (query === '') throw problem('the query id is empty; expected qid:<query>')
  return query
}

/** @throws LineProblem about the word that stands where the query should */
export function missingQuery(cursor: Cursor): never {
  throw problem(
    `${atCommentOrEnd(cursor) ? 'the line ends' : `${shown(readWord(cursor))} stands`} where qid:<query> was expected; ` +
      'lists without it need their sizes, one a line, in a .query or .group file beside this one',
  )
}

const letterC = 99
const letterS = 115

/** `cost:` or `sid:` of SVMlight's own examples: read past, with its number. @returns whether one was there */
export function skipCost(cursor: Cursor): boolean {
  const first = cursor.bytes[cursor.at]
  if (first !== letterC && first !== letterS) return false
  const start = cursor.at
  const word = readWord(cursor)
  if ((word === 'cost' || word === 'sid') && cursor.at < cursor.end && cursor.bytes[cursor.at] === colon) {
    cursor.at++
    readNumber(cursor, word)
    return true
  }
  cursor.at = start
  return false
}

/** The name after `docid =` in a comment, as LETOR writes it. */
export function readDocument(cursor: Cursor): string | undefined {
  if (cursor.at >= cursor.end) return undefined
  const comment = textOf(cursor.bytes, cursor.at + 1, cursor.end)
  return /docid[ \t]*=[ \t]*([^ \t\v\f]+)/.exec(comment)?.[1]
}
