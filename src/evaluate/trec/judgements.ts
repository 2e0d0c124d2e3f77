/** TREC files: qrels, `query iteration document relevance`, and runs, `query Q0 document rank score tag`. */

import { dataError } from '../../core/errors.ts'
import { printable, shown } from '../../core/printable.ts'
import { fileLabel } from '../../files/read-bytes.ts'
import { type Columns, columnsOf, isHeader, qrelsColumns, runColumns } from './columns.ts'
import { eachLineOfWords, finiteNumber, lineShown } from './lines.ts'

/** A number of each document, query by query, in file order. */
export interface ByDocument {
  /** What errors call the file. */
  readonly label: string
  /** Entry of each document in `values` and `lines`. */
  readonly queries: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly values: Float64Array
  /** Line that each entry stands on, 1-based. */
  readonly lines: Uint32Array
  /** What the reader of a number must know of the file. */
  readonly notes: readonly string[]
}

interface Table {
  values: Float64Array
  lines: Uint32Array
  length: number
}

function append(table: Table, value: number, line: number): number {
  if (table.length === table.values.length) {
    const [values, lines] = [new Float64Array(2 * table.length), new Uint32Array(2 * table.length)]
    values.set(table.values)
    lines.set(table.lines)
    Object.assign(table, { values, lines })
  }
  table.values[table.length] = value
  table.lines[table.length] = line
  return table.length++
}

type Queries = Map<string, Map<string, number>>

/**
 * Ranks of three columns are 1 to n, each once: anything else is another format, and scores read as ranks would turn the
 * ranking round.
 */
function requireRanks(label: string, queries: Queries, { values, lines }: Table): void {
  for (const [query, documents] of queries) {
    const found = new Set<number>()
    for (const entry of documents.values()) {
      const rank = values[entry]
      if (Number.isInteger(rank) && rank >= 1 && rank <= documents.size && !found.has(rank)) {
        found.add(rank)
        continue
      }
      throw dataError(
        `${label}, line ${lines[entry]}: three columns are read as query document rank (MS MARCO), and query ` +
          `${printable(query)} of ${documents.size} documents has the rank ${rank}; expected 1 to ${documents.size}, each once`,
        'write scores in six columns: query Q0 document rank score tag',
      )
    }
  }
}

const commentsNote = (label: string, comments: number): string[] =>
  comments === 0 ? [] : [`${label}: ${comments} comment lines (#) are skipped`]

async function read(path: string, usual: Columns): Promise<ByDocument> {
  const label = fileLabel(path)
  const queries: Queries = new Map()
  const table: Table = { values: new Float64Array(1024), lines: new Uint32Array(1024), length: 0 }
  let columns: Columns | undefined
  let [last, documents] = ['', new Map<string, number>()]
  const comments = await eachLineOfWords(path, (words, line) => {
    const first = columns === undefined
    columns ??= columnsOf(usual, words)
    if (first && isHeader(words)) return
    const problem = (what: string) => dataError(`${label}, line ${line}: ${what}`)
    if (!columns.accepts(words.length)) {
      throw problem(`${lineShown(words)} has ${words.length} words; expected ${columns.expected}`)
    }
    const [query, document, word] = [words[0], words[columns.document], words[columns.value]]
    const value = finiteNumber(word)
    if (value === undefined) throw problem(`the ${columns.name} is ${shown(word)}; expected a finite number`)
    if (query !== last || queries.size === 0) {
      documents = queries.get(query) ?? new Map()
      queries.set(query, documents)
      last = query
    }
    if (documents.has(document)) {
      throw problem(`query ${printable(query)} has document ${printable(document)} twice; expected each once`)
    }
    documents.set(document, append(table, value, line))
  })
  if (queries.size === 0) throw dataError(`${label}: no lines; expected ${(columns ?? usual).expected}`)
  if (columns?.name === 'rank') requireRanks(label, queries, table)
  const sign = columns?.name === 'rank' ? -1 : 1
  return {
    label,
    queries,
    values: table.values.subarray(0, table.length).map((value) => sign * value),
    lines: table.lines.subarray(0, table.length),
    notes: [...(columns?.note === undefined ? [] : [`${label}: ${columns.note}`]), ...commentsNote(label, comments)],
  }
}

/** Relevance of documents. @throws RankBenchError(data) naming file and line */
export const readQrels = (path: string): Promise<ByDocument> => read(path, qrelsColumns)

/** Scores of documents; ranks are not looked at, as in trec_eval. @throws RankBenchError(data) naming file and line */
export const readRun = (path: string): Promise<ByDocument> => read(path, runColumns)
