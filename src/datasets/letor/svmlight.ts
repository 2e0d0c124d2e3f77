/**
 * Streaming reader of LETOR/SVMlight ranking files as publishers ship them: plain or gzip, LF or CRLF, with or without
 * a last line break, dense or sparse (a missing feature is 0). Every error names file and line.
 */

import type { RankingData } from '../../core/dataset.ts'
import { dataError, RankBenchError } from '../../core/errors.ts'
import { addDocument, type Columns, createColumns, finish, nameDocument, startQuery, widen } from './columns.ts'
import { atCommentOrEnd, type Cursor, hash, LineProblem, skipBlanks } from './cursor.ts'
import { readDocument, readLabel, readQuery } from './line.ts'
import { readFeatureIndex, readNumber } from './number.ts'
import { readBytes } from './read-bytes.ts'

export interface SvmlightOptions {
  /** Number of features, when it is known; a larger feature number is then an error. */
  readonly width?: number
  /** Features are skipped unread; the data then has width 0. */
  readonly labelsOnly?: boolean
}

const newline = 10
const carriageReturn = 13

/** Features are stored densely: a hashed feature number of a sparse file would ask for terabytes. */
const widestDiscovered = 2 ** 16
/** A file that is no text may have no line break at all, and would be gathered whole. */
const longestLine = 2 ** 24

interface Parser {
  line: number
  query: string | undefined
  /** Line on which each query began, to name both when one comes back. */
  readonly queryLines: Map<string, number>
  readonly columns: Columns
  /** Largest feature number allowed. */
  readonly widest: number
  readonly labelsOnly: boolean
}

function enterQuery(parser: Parser, query: string): void {
  if (query === parser.query) return
  const earlier = parser.queryLines.get(query)
  if (earlier !== undefined) {
    throw new LineProblem(
      `query ${query} comes back after another one (it began on line ${earlier}); tools split or merge such lists silently, so sort the file by query`,
    )
  }
  parser.query = query
  parser.queryLines.set(query, parser.line)
  startQuery(parser.columns, query)
}

/** `f:v f:v ...` into the row of one document. */
function readFeatures({ columns, widest }: Parser, cursor: Cursor, document: number): void {
  let feature = 0
  for (skipBlanks(cursor); !atCommentOrEnd(cursor); skipBlanks(cursor)) {
    feature = readFeatureIndex(cursor, feature)
    if (feature > columns.width) {
      if (feature > widest) throw new LineProblem(`feature ${feature}; expected at most ${widest}`)
      widen(columns, feature)
    }
    columns.features[document * columns.stride + feature - 1] = readNumber(cursor, feature)
  }
}

function skipToComment(cursor: Cursor): void {
  const { bytes, end } = cursor
  while (cursor.at < end && bytes[cursor.at] !== hash) cursor.at++
}

function parseLine(parser: Parser, cursor: Cursor): void {
  skipBlanks(cursor)
  if (atCommentOrEnd(cursor)) return
  const label = readLabel(cursor)
  enterQuery(parser, readQuery(cursor))
  const document = addDocument(parser.columns, label)
  if (parser.labelsOnly) skipToComment(cursor)
  else readFeatures(parser, cursor, document)
  nameDocument(parser.columns, document, readDocument(cursor))
}

/** Parses the whole lines of `bytes`. @returns where the unfinished line begins */
function parseLines(parser: Parser, bytes: Uint8Array): number {
  const cursor: Cursor = { bytes, at: 0, end: 0 }
  for (let start = 0; ; ) {
    const at = bytes.indexOf(newline, start)
    if (at < 0) return start
    parser.line++
    cursor.at = start
    cursor.end = at > start && bytes[at - 1] === carriageReturn ? at - 1 : at
    parseLine(parser, cursor)
    start = at + 1
  }
}

function joined(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (rest.length === 0) return chunk
  const both = new Uint8Array(rest.length + chunk.length)
  both.set(rest)
  both.set(chunk, rest.length)
  return both
}

async function parseAll(parser: Parser, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  let rest: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    const bytes = joined(rest, chunk)
    rest = bytes.slice(parseLines(parser, bytes))
    if (rest.length <= longestLine) continue
    parser.line++
    throw new LineProblem(`no line break in ${longestLine} bytes; expected lines of text`)
  }
  if (rest.length > 0) parseLines(parser, joined(rest, Uint8Array.of(newline)))
}

/** The error with the place it happened at. */
function located(error: unknown, name: string, { line, columns }: Parser): unknown {
  if (error instanceof LineProblem) return dataError(`${name}, line ${line}: ${error.message}`)
  if (error instanceof RangeError) {
    return dataError(`${name}, line ${line}: ${columns.documents} x ${columns.width} features do not fit into memory`)
  }
  if (error instanceof RankBenchError && line > 0) return dataError(`${error.message} (after line ${line})`, error.hint)
  return error
}

/**
 * Documents of a stream of bytes cut anywhere.
 * @param name what errors call the file
 * @throws RankBenchError(data) naming file and line, and for a file without documents
 */
export async function parseSvmlightChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  { width, labelsOnly = false }: SvmlightOptions = {},
): Promise<RankingData> {
  const columns = createColumns(width)
  const parser: Parser = {
    line: 0,
    query: undefined,
    queryLines: new Map(),
    columns,
    widest: width ?? widestDiscovered,
    labelsOnly,
  }
  try {
    await parseAll(parser, chunks)
  } catch (error) {
    throw located(error, name, parser)
  }
  if (columns.documents === 0) {
    throw dataError(`${name}: no documents; expected lines of <label> qid:<query> <feature>:<value> ...`)
  }
  return finish(columns)
}

/** A ranking file, plain or gzip. @throws RankBenchError(data) naming file and line */
export const readSvmlight = (path: string, options: SvmlightOptions = {}): Promise<RankingData> =>
  parseSvmlightChunks(readBytes(path), path, options)
