/** A place in the bytes of a file, and what is said when a line is wrong there. */

import { nameOf } from '../../core/names.ts'
import { isBlank } from '../../files/lines.ts'

export { isBlank }

export const hash = 35
export const minus = 45
export const dot = 46
export const zero = 48
export const nine = 57
export const colon = 58

/** Where a reader stands. `bytes` holds whole lines. */
export interface Cursor {
  readonly bytes: Uint8Array
  at: number
  /** End of the line, without its line break. */
  end: number
}

/** What is wrong with a line; the caller adds file and line number. */
export class LineProblem extends Error {}

export const problem = (message: string): LineProblem => new LineProblem(message)

export function skipBlanks(cursor: Cursor): void {
  const { bytes, end } = cursor
  while (cursor.at < end && isBlank(bytes[cursor.at])) cursor.at++
}

export const atCommentOrEnd = (cursor: Cursor): boolean => cursor.at >= cursor.end || cursor.bytes[cursor.at] === hash

/** Bytes as a name: text where they are UTF-8, and never two names that differ as one. */
export const textOf = (bytes: Uint8Array, start: number, end: number): string => nameOf(bytes, start, end)
