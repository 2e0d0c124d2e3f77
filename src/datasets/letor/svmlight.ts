/**
 * Streaming reader of LETOR/SVMlight ranking files as publishers ship them: plain or packed, any line ends, with or without a
 * last line break, dense or sparse (a missing feature is 0), features in any order. Every error names file and line.
 */

import type { RankingData } from '../../core/dataset.ts'
import { dataError, RankBenchError } from '../../core/errors.ts'
import { eachLineOf } from '../../files/lines.ts'
import { fileLabel, readBytes } from '../../files/read-bytes.ts'
import {
  addDocument,
  type Columns,
  createColumns,
  finish,
  listLength,
  nameDocument,
  startQuery,
  widen,
} from './columns.ts'
import { atCommentOrEnd, type Cursor, hash, LineProblem, nine, skipBlanks } from './cursor.ts'
import { createGrouping, type Grouping } from './grouping.ts'
import { missingQuery, readDocument, readLabel, readQuery, skipCost } from './line.ts'
import { readFeatureIndex, readNumber } from './number.ts'

export interface SvmlightOptions {
  /** Number of features, when it is known; a larger feature number is then an error. */
  readonly width?: number
  /** Features are skipped unread; the data then has width 0. */
  readonly labelsOnly?: boolean
  /** The first feature is number 0. */
  readonly zeroBased?: boolean
  /** Documents of each list in order, for files that do not name their queries. */
  readonly groups?: readonly number[]
}

/** Features are stored densely: a hashed feature number of a sparse file would ask for terabytes. */
const widestDiscovered = 2 ** 16
/** Beyond every published list; an endless file of one query ends here. */
const longestList = 2 ** 24

/** The documents of a file, and the line each stands on. */
export interface ParsedFile {
  readonly data: RankingData
  readonly lines: Uint32Array
}

interface Parser {
  line: number
  readonly cursor: { bytes: Uint8Array; at: number; end: number }
  readonly grouping: Grouping
  readonly columns: Columns
  /** Number of the first feature: 1, or 0. */
  readonly first: number
  /** Largest feature number allowed. */
  readonly widest: number
  readonly labelsOnly: boolean
  /** The document that gave each feature last, to see one that is given twice. */
  seen: Uint32Array
  lines: Uint32Array
  weighted: boolean
  costly: boolean
}

function grown(array: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(Math.max(length, 2 * array.length))
  larger.set(array)
  return larger
}

/** Features may stand in any order, each once. */
function requireOnce(parser: Parser, feature: number, document: number): void {
  if (feature >= parser.seen.length) parser.seen = grown(parser.seen, feature + 1)
  if (parser.seen[feature] === document + 1) throw new LineProblem(`feature ${feature} is given twice`)
  parser.seen[feature] = document + 1
}

/** Reads past `cost:` and `sid:`, of which SVMlight's format has room for both. */
function skipCosts(parser: Parser): void {
  for (skipBlanks(parser.cursor); skipCost(parser.cursor); skipBlanks(parser.cursor)) parser.costly = true
}

/** `f:v f:v ...` into the row of one document. */
function readFeatures(parser: Parser, document: number): void {
  const { columns, cursor, first, widest } = parser
  for (skipBlanks(cursor); !atCommentOrEnd(cursor); skipBlanks(cursor)) {
    if (cursor.bytes[cursor.at] > nine && skipCost(cursor)) {
      parser.costly = true
      continue
    }
    const feature = readFeatureIndex(cursor, first)
    if (feature > widest) throw new LineProblem(`feature ${feature}; expected at most ${widest}`)
    const column = feature - first
    if (column >= columns.width) widen(columns, column + 1)
    requireOnce(parser, feature, document)
    columns.features[document * columns.stride + column] = readNumber(cursor, feature)
  }
}

function skipToComment(cursor: Cursor): void {
  const { bytes, end } = cursor
  while (cursor.at < end && bytes[cursor.at] !== hash) cursor.at++
}

function newDocument(parser: Parser, label: number): number {
  const document = addDocument(parser.columns, label)
  if (document >= parser.lines.length) parser.lines = grown(parser.lines, document + 1)
  parser.lines[document] = parser.line
  if (listLength(parser.columns) > longestList) throw new LineProblem(`a list of more than ${longestList} documents`)
  return document
}

function parseLine(parser: Parser): void {
  const { cursor, columns, grouping } = parser
  skipBlanks(cursor)
  if (atCommentOrEnd(cursor)) return
  const { label, weighted } = readLabel(cursor)
  if (weighted) parser.weighted = true
  const query = grouping.enter(readQuery(cursor), parser.line, () => missingQuery(cursor))
  if (query !== undefined) startQuery(columns, query)
  const document = newDocument(parser, label)
  skipCosts(parser)
  if (parser.labelsOnly) skipToComment(cursor)
  else readFeatures(parser, document)
  nameDocument(columns, document, readDocument(cursor))
}

/** The error with the place it happened at. */
function located(error: unknown, name: string, { line, columns }: Parser): unknown {
  if (error instanceof LineProblem) return dataError(`${name}, line ${line}: ${error.message}`)
  if (error instanceof RangeError) {
    return dataError(`${name}, line ${line}: ${columns.documents} x ${columns.width} features do not fit into memory`)
  }
  if (error instanceof RankBenchError && line > 0 && !error.message.includes(', line ')) {
    return dataError(`${error.message} (after line ${line})`, error.hint)
  }
  return error
}

function notesOf(name: string, { weighted, costly }: Parser): string[] {
  const given = [...(weighted ? ['label:weight'] : []), ...(costly ? ['cost: or sid:'] : [])]
  return given.length === 0 ? [] : [`${name}: it gives ${given.join(' and ')}, which no metric and no loss here uses`]
}

/**
 * Documents of a stream of bytes cut anywhere, and their lines.
 * @param name what errors call the file
 * @throws RankBenchError(data) naming file and line, and for a file without documents
 */
export async function parseSvmlightFile(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  { width, labelsOnly = false, zeroBased = false, groups }: SvmlightOptions = {},
): Promise<ParsedFile> {
  const columns = createColumns(width)
  const first = zeroBased ? 0 : 1
  const parser: Parser = {
    line: 0,
    cursor: { bytes: new Uint8Array(0), at: 0, end: 0 },
    grouping: createGrouping(groups),
    columns,
    first,
    widest: (width ?? widestDiscovered) + first - 1,
    labelsOnly,
    seen: new Uint32Array(64),
    lines: new Uint32Array(1024),
    weighted: false,
    costly: false,
  }
  const { cursor } = parser
  try {
    await eachLineOf(chunks, name, (bytes, start, end, line) => {
      parser.line = line
      cursor.bytes = bytes
      cursor.at = start
      cursor.end = end
      parseLine(parser)
    })
    parser.grouping.end()
  } catch (error) {
    throw located(error, name, parser)
  }
  if (columns.documents === 0) {
    throw dataError(`${name}: no documents; expected lines of <label> qid:<query> <feature>:<value> ...`)
  }
  const notes = notesOf(name, parser)
  const data = { ...finish(columns), ...(notes.length > 0 ? { notes } : {}) }
  return { data, lines: parser.lines.slice(0, columns.documents) }
}

/** Documents of a stream of bytes cut anywhere. See `parseSvmlightFile`. */
export const parseSvmlightChunks = async (
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  options: SvmlightOptions = {},
): Promise<RankingData> => (await parseSvmlightFile(chunks, name, options)).data

/** A ranking file, plain or packed, a pipe, or `-`. @throws RankBenchError(data) naming file and line */
export const readSvmlight = (path: string, options: SvmlightOptions = {}): Promise<RankingData> =>
  parseSvmlightChunks(readBytes(path), fileLabel(path), options)
