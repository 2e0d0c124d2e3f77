/**
 * Lines of a stream of bytes cut anywhere. LF, CR LF and CR alone end a line, as in Python's text mode: a file of CR alone,
 * read as one line, would lose everything behind its first comment.
 */

import { dataError } from '../core/errors.ts'
import { requireMemory } from './memory.ts'
import { fileLabel, readBytes } from './read-bytes.ts'

const newline = 10
const carriageReturn = 13

/** A file that is no text may have no line break at all, or nothing but line breaks, and go on for ever. */
const longestGap = 2 ** 24

/** @param line 1-based */
type TakeLine = (bytes: Uint8Array, start: number, end: number, line: number) => void

interface Reader {
  line: number
  /** Bytes since the last line that held something. */
  idle: number
}

/** Blanks as `isspace` has them, but for line ends. */
export const isBlank = (byte: number): boolean => byte === 32 || byte === 9 || byte === 11 || byte === 12

const hash = 35

function isIdle(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && isBlank(bytes[at])) at++
  return at === end || bytes[at] === hash
}

function deliver(reader: Reader, take: TakeLine, bytes: Uint8Array, start: number, end: number): void {
  reader.line++
  reader.idle = isIdle(bytes, start, end) ? reader.idle + end - start + 1 : 0
  take(bytes, start, end, reader.line)
}

/** Delivers the whole lines of `bytes`. @returns where the unfinished one begins */
function wholeLines(reader: Reader, take: TakeLine, bytes: Uint8Array): number {
  let [start, lf, cr] = [0, bytes.indexOf(newline), bytes.indexOf(carriageReturn)]
  for (;;) {
    if (lf >= 0 && lf < start) lf = bytes.indexOf(newline, start)
    if (cr >= 0 && cr < start) cr = bytes.indexOf(carriageReturn, start)
    if (cr < 0 || (lf >= 0 && lf < cr)) {
      if (lf < 0) return start
      deliver(reader, take, bytes, start, lf)
      start = lf + 1
      continue
    }
    // Line ends that were translated twice are CR CR LF.
    let after = cr + 1
    while (bytes[after] === carriageReturn) after++
    if (after === bytes.length) return start
    deliver(reader, take, bytes, start, cr)
    start = bytes[after] === newline ? after + 1 : cr + 1
  }
}

function joined(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (rest.length === 0) return chunk
  const both = new Uint8Array(rest.length + chunk.length)
  both.set(rest)
  both.set(chunk, rest.length)
  return both
}

/**
 * Calls `take` with every line, without its line end.
 * @param label what errors call the file
 * @throws RankBenchError(data) for 16 MiB without a line that holds something, and for a file that fills the memory
 */
export async function eachLineOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  label: string,
  take: TakeLine,
): Promise<void> {
  const reader: Reader = { line: 0, idle: 0 }
  let rest: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    const bytes = joined(rest, chunk)
    rest = bytes.slice(wholeLines(reader, take, bytes))
    if (rest.length > longestGap) {
      throw dataError(`${label}, line ${reader.line + 1}: no line break in ${longestGap} bytes; expected lines of text`)
    }
    if (reader.idle > longestGap) {
      throw dataError(`${label}, line ${reader.line}: ${longestGap} bytes of blank lines and comments; expected data`)
    }
    requireMemory(`${label}, line ${reader.line}`)
  }
  if (rest.length > 0) wholeLines(reader, take, joined(rest, Uint8Array.of(newline)))
}

/** The lines of a file, a pipe or standard input, plain or packed. */
export const eachLineIn = (path: string, take: TakeLine): Promise<void> =>
  eachLineOf(readBytes(path), fileLabel(path), take)
