/** Lines of a plain or gzip text file as words, streamed. */

import { dataError } from '../../core/errors.ts'
import { readBytes } from '../letor/read-bytes.ts'

/** Lines up to a chunk's last line break; what follows it waits for the next chunk. */
async function* textChunks(path: string): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of readBytes(path)) {
    const text = rest + decoder.decode(bytes, { stream: true })
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    yield text.slice(0, end)
  }
  yield rest + decoder.decode()
}

export type TakeLine = (words: readonly string[], line: number) => void

/**
 * Calls `take` with the words of every line that is not blank.
 * @param columns e.g. `query 0 document relevance`: what errors expect
 * @throws RankBenchError(data) naming file and line for a line with another number of words
 */
export async function eachLine(path: string, columns: string, take: TakeLine): Promise<void> {
  const expected = columns.split(' ').length
  let line = 0
  for await (const text of textChunks(path)) {
    for (let start = 0; start < text.length; ) {
      const at = text.indexOf('\n', start)
      const end = at < 0 ? text.length : at
      line++
      const trimmed = text.slice(start, end).trim()
      start = end + 1
      if (trimmed === '') continue
      const words = trimmed.split(/[ \t]+/)
      if (words.length !== expected) {
        throw dataError(
          `${path}, line ${line}: "${trimmed.slice(0, 60)}" has ${words.length} words; expected ${columns}`,
        )
      }
      take(words, line)
    }
  }
}

/** @throws RankBenchError(data) naming file, line and column */
export function finiteNumber(word: string, path: string, line: number, column: string): number {
  const value = Number(word)
  if (Number.isFinite(value)) return value
  throw dataError(`${path}, line ${line}: the ${column} is "${word.slice(0, 40)}"; expected a finite number`)
}
