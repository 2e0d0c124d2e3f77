/** Lines of a TREC file as words, as trec_eval 10.0 reads them (get_trec_results.c, get_qrels.c): blanks by `isspace`, `#` lines skipped. */

import { dataError, type RankBenchError } from '../../core/errors.ts'
import { nameOf } from '../../core/names.ts'
import { printable, shown } from '../../core/printable.ts'
import { eachLineIn, isBlank } from '../../files/lines.ts'
import { fileLabel } from '../../files/read-bytes.ts'

type TakeWords = (words: readonly string[], line: number) => void

/** @throws RankBenchError(data) where a zero byte stands, at which C programs would end the word */
function wordsOf(bytes: Uint8Array, start: number, end: number, problem: (what: string) => RankBenchError): string[] {
  const words: string[] = []
  for (let at = start; at < end; ) {
    if (isBlank(bytes[at])) {
      at++
      continue
    }
    const from = at
    while (at < end && !isBlank(bytes[at])) {
      if (bytes[at] === 0) throw problem('a zero byte; expected text')
      at++
    }
    words.push(nameOf(bytes, from, at))
  }
  return words
}

/**
 * Calls `take` with the words of every line that is neither blank nor a comment.
 * @returns lines skipped as comments
 */
export async function eachLineOfWords(path: string, take: TakeWords): Promise<number> {
  const label = fileLabel(path)
  let comments = 0
  await eachLineIn(path, (bytes, start, end, line) => {
    const words = wordsOf(bytes, start, end, (what) => dataError(`${label}, line ${line}: ${what}`))
    if (words.length === 0) return
    if (words[0].startsWith('#')) comments++
    else take(words, line)
  })
  return comments
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A finite number in decimal notation; undefined for anything else, hexadecimal included. */
export function finiteNumber(word: string): number | undefined {
  const value = decimal.test(word) ? Number(word) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}

/** The beginning of a line, for an error. */
export const lineShown = (words: readonly string[]): string => {
  const text = words.join(' ')
  return text.length > 60 ? `"${printable(text.slice(0, 60))}..."` : shown(text)
}
