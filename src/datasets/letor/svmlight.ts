/**
 * Streaming reader of LETOR/SVMlight ranking files as publishers ship them: plain or gzip, LF or CRLF, with or without
 * a last line break, dense or sparse (a missing feature is 0). Every error names file and line.
 */

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { RankingData } from '../../core/dataset.ts'
import { dataError, RankBenchError } from '../../core/errors.ts'
import { type Columns, createColumns } from './columns.ts'
import {
  atCommentOrEnd,
  type Cursor,
  LineProblem,
  readDocument,
  readFeatureIndex,
  readLabel,
  readNumber,
  readQuery,
  skipBlanks,
} from './line.ts'

export interface SvmlightOptions {
  /** Number of features, when it is known; a larger feature number is then an error. */
  readonly width?: number
}

const newline = 10
const carriageReturn = 13

interface Parser {
  line: number
  query: string | undefined
  /** Line on which each query began, to name both when one comes back. */
  readonly queryLines: Map<string, number>
  readonly columns: Columns
  readonly width: number | undefined
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
  parser.columns.startQuery(query)
}

function parseLine(parser: Parser, cursor: Cursor): void {
  skipBlanks(cursor)
  if (atCommentOrEnd(cursor)) return
  const label = readLabel(cursor)
  enterQuery(parser, readQuery(cursor))
  const document = parser.columns.addDocument(label)
  let previous = 0
  for (skipBlanks(cursor); !atCommentOrEnd(cursor); skipBlanks(cursor)) {
    previous = readFeatureIndex(cursor, previous)
    if (parser.width !== undefined && previous > parser.width) {
      throw new LineProblem(`feature ${previous}; expected at most ${parser.width}`)
    }
    parser.columns.setFeature(document, previous, readNumber(cursor, `feature ${previous}`))
  }
  parser.columns.nameDocument(document, readDocument(cursor))
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

/**
 * Documents of a stream of bytes cut anywhere.
 * @param name what errors call the file
 * @throws RankBenchError(data) naming file and line, and for a file without documents
 */
export async function parseSvmlightChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  options: SvmlightOptions = {},
): Promise<RankingData> {
  const { width } = options
  const parser: Parser = { line: 0, query: undefined, queryLines: new Map(), columns: createColumns(width), width }
  let rest: Uint8Array = new Uint8Array(0)
  try {
    for await (const chunk of chunks) {
      const bytes = joined(rest, chunk)
      rest = bytes.slice(parseLines(parser, bytes))
    }
    if (rest.length > 0) parseLines(parser, joined(rest, Uint8Array.of(newline)))
  } catch (error) {
    if (error instanceof LineProblem) throw dataError(`${name}, line ${parser.line}: ${error.message}`)
    throw error
  }
  if (parser.columns.documents === 0)
    throw dataError(`${name}: no documents; expected lines of <label> qid:<query> <feature>:<value> ...`)
  return parser.columns.finish()
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

const chunkBytes = 2 ** 20

/** The unpacked bytes of a plain or gzip file. @throws RankBenchError(data) when the file is absent or its gzip damaged */
export async function* readBytes(path: string): AsyncIterable<Uint8Array> {
  try {
    const gzip = await isGzip(path)
    const raw = createReadStream(path, { highWaterMark: chunkBytes })
    yield* gzip ? pipeline(raw, createGunzip({ chunkSize: chunkBytes }), () => {}) : raw
  } catch (cause) {
    if (cause instanceof RankBenchError) throw cause
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw dataError(`${path}: no such file`)
    if (code === 'Z_BUF_ERROR') throw dataError(`${path}: the gzip stream is truncated`, 'copy the file again')
    throw dataError(`${path} cannot be read: ${message}`)
  }
}

/** A ranking file, plain or gzip. @throws RankBenchError(data) naming file and line */
export const readSvmlight = (path: string, options: SvmlightOptions = {}): Promise<RankingData> =>
  parseSvmlightChunks(readBytes(path), path, options)
