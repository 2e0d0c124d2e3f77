/**
 * The one way in for files of data: a path, a pipe, a device, or `-` for standard input; plain or packed, told apart by
 * content. Every file is opened once and read forwards, as a pipe cannot be read twice.
 */

import { createReadStream, fstatSync, open } from 'node:fs'
import { Socket } from 'node:net'
import { isatty } from 'node:tty'
import { promisify } from 'node:util'
import { dataError, type RankBenchError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import { fileProblem, isSystemError } from './problem.ts'
import { type FileKind, kindOf } from './signatures.ts'
import { unpacked } from './unpacking.ts'

type Chunks = AsyncIterable<Uint8Array>

const chunkBytes = 2 ** 20
/** What signatures look at: a whole tar header. */
const headBytes = 512

export const standardInput = '-'

/** What errors and tables call it. */
export const fileLabel = (path: string): string => (path === standardInput ? 'standard input' : printable(path))

let standardInputTaken = false

function takeStandardInput(): void {
  if (standardInputTaken) {
    throw dataError('standard input was read already; expected "-" for one file at most', 'name the others by path')
  }
  standardInputTaken = true
}

/**
 * Pipes are read as sockets: a read of a file that never answers would hold up the end of the process, long after an error in
 * its first line was reported.
 */
function streamOf(file: number): AsyncIterable<Uint8Array> {
  const facts = fstatSync(file)
  const waits = facts.isFIFO() || facts.isSocket() || isatty(file)
  if (waits) return file === 0 ? process.stdin : new Socket({ fd: file, readable: true, writable: false })
  return createReadStream('', { fd: file, highWaterMark: chunkBytes })
}

async function* rawBytes(path: string): Chunks {
  if (path === standardInput) takeStandardInput()
  try {
    yield* streamOf(path === standardInput ? 0 : await promisify(open)(path, 'r'))
  } catch (cause) {
    throw isSystemError(cause) ? fileProblem(fileLabel(path), cause) : cause
  }
}

/** A stream whose first bytes are known, and are still in it. */
interface Opened {
  readonly head: Uint8Array
  readonly chunks: Chunks
}

/** A whole line of printable characters: text for certain, and a slow pipe need not be waited for. */
function beginsWithLine(bytes: Uint8Array): boolean {
  const end = bytes.findIndex((byte) => (byte < 32 && byte !== 9) || byte > 126)
  return end > 0 && (bytes[end] === 10 || bytes[end] === 13)
}

async function opened(chunks: Chunks): Promise<Opened> {
  const rest = chunks[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  for (let bytes = 0; bytes < headBytes && !(bytes > 0 && beginsWithLine(first[0])); ) {
    const { done, value } = await rest.next()
    if (done) break
    first.push(value)
    bytes += value.length
  }
  const head = Buffer.concat(first)
  async function* all(): Chunks {
    try {
      if (head.length > 0) yield head
      for (;;) {
        const { done, value } = await rest.next()
        if (done) return
        yield value
      }
    } finally {
      await rest.return?.()
    }
  }
  return { head, chunks: all() }
}

interface Unpacked {
  readonly kind: Exclude<FileKind, { readonly kind: 'packed' }>
  readonly chunks: Chunks
}

/** A file without its packing, and what is in it. @throws RankBenchError(data) when it cannot be read */
export async function openUnpacked(path: string): Promise<Unpacked> {
  const outer = await opened(rawBytes(path))
  const kind = kindOf(outer.head)
  if (kind.kind !== 'packed') return { kind, chunks: outer.chunks }
  const inner = await opened(unpacked(outer.chunks, fileLabel(path), kind.packing))
  const within = kindOf(inner.head)
  if (within.kind !== 'packed') return { kind: within, chunks: inner.chunks }
  throw dataError(`${fileLabel(path)} is packed twice`, 'unpack it once')
}

function notText(path: string, kind: Unpacked['kind']): RankBenchError | undefined {
  const label = fileLabel(path)
  switch (kind.kind) {
    case 'text':
      return undefined
    case 'other':
      return dataError(`${label} is ${kind.what}`, kind.hint)
    default:
      return dataError(`${label} is a ${kind.kind} archive; expected text`, 'unpack it and name the file')
  }
}

const mark = [0xef, 0xbb, 0xbf]

async function* withoutMark(chunks: Chunks): Chunks {
  let first = true
  for await (const chunk of chunks) {
    const marked = first && mark.every((byte, i) => chunk[i] === byte)
    first = false
    yield marked ? chunk.subarray(mark.length) : chunk
  }
}

/**
 * The bytes of a text file, without packing and without a byte order mark.
 * @throws RankBenchError(data) when it cannot be read, is damaged or cut short, or is no text
 */
export async function* readBytes(path: string): AsyncIterable<Uint8Array> {
  const { kind, chunks } = await openUnpacked(path)
  const problem = notText(path, kind)
  if (problem) throw problem
  yield* withoutMark(chunks)
}
