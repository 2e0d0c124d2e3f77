/** Which column of a line holds what: TREC's own formats, and the three columns that MS MARCO and BEIR publish. */

import { finiteNumber } from './lines.ts'

export interface Columns {
  readonly expected: string
  readonly document: number
  readonly value: number
  /** What errors call the value. */
  readonly name: 'relevance' | 'score' | 'rank'
  /** Words of a line; a run may have more after its tag, which trec_eval ignores. */
  accepts(words: number): boolean
  /** Said to the reader where it is not TREC's own format. */
  readonly note?: string
}

const exactly = (count: number) => (words: number) => words === count

export const qrelsColumns: Columns = {
  expected: 'query iteration document relevance',
  document: 2,
  value: 3,
  name: 'relevance',
  accepts: exactly(4),
}

export const runColumns: Columns = {
  expected: 'query Q0 document rank score tag',
  document: 2,
  value: 4,
  name: 'score',
  accepts: (words) => words >= 6,
}

const beir: Columns = {
  expected: 'query document relevance',
  document: 1,
  value: 2,
  name: 'relevance',
  accepts: exactly(3),
  note: 'three columns, read as query document relevance (BEIR)',
}

const msMarco: Columns = {
  expected: 'query document rank',
  document: 1,
  value: 2,
  name: 'rank',
  accepts: exactly(3),
  note: 'three columns, read as query document rank (MS MARCO): the score is minus the rank',
}

/** `query-id corpus-id score`, as BEIR heads its files. */
export const isHeader = (words: readonly string[]): boolean =>
  words.length === 3 && /^(query|qid|topic)/i.test(words[0]) && /^(score|rel|label|grade|rank)/i.test(words[2])

/** The format of a file by its first line. */
export const columnsOf = (usual: Columns, first: readonly string[]): Columns => {
  if (first.length !== 3 || (finiteNumber(first[2]) === undefined && !isHeader(first))) return usual
  return usual === qrelsColumns ? beir : msMarco
}
