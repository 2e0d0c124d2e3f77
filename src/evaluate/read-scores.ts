/** Score files: one number a line as most tools write them, or RankLib's three columns; plain, packed, or a pipe. */

import { dataError } from '../core/errors.ts'
import { nameOf } from '../core/names.ts'
import { printable, shown } from '../core/printable.ts'
import { eachLineIn } from '../files/lines.ts'
import { fileLabel } from '../files/read-bytes.ts'
import { finiteNumber } from './trec/lines.ts'

/** The documents that scores are given for, in the order of their file. */
interface ScoredDocuments {
  readonly queries: readonly string[]
  readonly offsets: Uint32Array
}

/** RankLib's `-score` file: query, number of the document in its list from 0, score (Evaluator.java, score). */
const rankLibColumns = 3

interface Reader {
  readonly scores: Float64Array
  count: number
  /** Line of the first blank line; only blank ones may follow it. */
  blank: number | undefined
  list: number
  columns: number | undefined
}

type Problem = (what: string) => Error

/** The first two columns must say which document it is: RankLib writes them in the order of the label file. */
function requirePlace({ queries, offsets }: ScoredDocuments, reader: Reader, words: string[], problem: Problem): void {
  while (offsets[reader.list + 1] <= reader.count) reader.list++
  const [query, place] = [queries[reader.list], reader.count - offsets[reader.list]]
  if (words[0] === query && words[1] === String(place)) return
  throw problem(
    `it scores document ${printable(words[1])} of query ${printable(words[0])}, where the label file has document ${place} of query ${printable(query)}`,
  )
}

function takeLine(documents: ScoredDocuments, reader: Reader, text: string, line: number, problem: Problem): void {
  const words = text.split(/[ \t\v\f]+/).filter((word) => word !== '')
  if (words.length === 0) {
    reader.blank ??= line
    return
  }
  if (reader.blank !== undefined) throw problem(`a score after line ${reader.blank}, which is blank`)
  if (reader.count >= reader.scores.length) {
    // Counted on, so that the error can say how many there are; but not for ever.
    if (reader.count > 2 * reader.scores.length + 1000)
      throw problem(`more than ${reader.count} scores for ${reader.scores.length} documents`)
    reader.count++
    return
  }
  reader.columns ??= words.length === rankLibColumns ? rankLibColumns : 1
  if (words.length !== reader.columns) throw problem(`${shown(text)} is not a finite number`)
  if (reader.columns === rankLibColumns) requirePlace(documents, reader, words, problem)
  const value = finiteNumber(words[words.length - 1])
  if (value === undefined) throw problem(`${shown(words[words.length - 1])} is not a finite number`)
  reader.scores[reader.count++] = value
}

/**
 * Scores in the order of the documents; blank lines may end the file.
 * @throws RankBenchError(data) with file and line
 */
export async function readScores(path: string, documents: ScoredDocuments): Promise<Float64Array> {
  const expected = documents.offsets[documents.offsets.length - 1]
  const label = fileLabel(path)
  const reader: Reader = { scores: new Float64Array(expected), count: 0, blank: undefined, list: 0, columns: undefined }
  await eachLineIn(path, (bytes, start, end, line) => {
    const problem: Problem = (what) => dataError(`${label}, line ${line}: ${what}`)
    takeLine(documents, reader, nameOf(bytes, start, end), line, problem)
  })
  if (reader.count === expected) return reader.scores
  throw dataError(
    `${label}: ${reader.count} scores for ${expected} documents; expected one number a line, in the order of the label file`,
  )
}
