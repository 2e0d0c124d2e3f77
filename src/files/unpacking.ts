/**
 * Bytes out of packed streams: gzip here, the rest by the programs that systems have for them. A stream that is damaged or cut
 * short is an error however many bytes came out of it.
 */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable as ReadableStream, Writable } from 'node:stream'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { dataError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import type { Packing } from './signatures.ts'

type Chunks = AsyncIterable<Uint8Array>

const chunkBytes = 2 ** 20

/** Programs that unpack standard input to standard output. */
const programs: Readonly<Record<Exclude<Packing, 'gzip'>, readonly string[]>> = {
  bzip2: ['bzip2', '-dc'],
  xz: ['xz', '-dc', '--memlimit-decompress=1GiB'],
  zstd: ['zstd', '-dcq'],
}

async function* gunzip(chunks: Chunks, path: string): Chunks {
  try {
    // The iteration throws what pipeline() reports; without a callback it would be thrown a second time, uncaught.
    yield* pipeline(Readable.from(chunks), createGunzip({ chunkSize: chunkBytes }), () => {})
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw dataError(`${path}: the gzip stream is truncated`, 'copy the file again')
    if (code?.startsWith('Z_'))
      throw dataError(`${path}: the gzip stream is damaged: ${message}`, 'copy the file again')
    throw cause
  }
}

type Child = ChildProcessByStdio<Writable, ReadableStream, ReadableStream>

/** How a program ended: undefined when well, else what it said. */
function ending(child: Child): Promise<Error | string | undefined> {
  let said = ''
  child.stderr.on('data', (chunk) => {
    if (said.length < 4096) said += chunk
  })
  return new Promise((resolve) => {
    child.on('error', resolve)
    child.on('close', (code) => resolve(code === 0 ? undefined : said.trim().split('\n')[0] || `exit code ${code}`))
  })
}

async function* runProgram(chunks: Chunks, path: string, packing: Exclude<Packing, 'gzip'>): Chunks {
  const [program, ...flags] = programs[packing]
  const child = spawn(program, flags, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
  const ended = ending(child)
  let readProblem: unknown
  pipeline(Readable.from(chunks), child.stdin, (error) => {
    // A program that stops early says why itself.
    if (error && !['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code ?? '')) readProblem = error
  })
  try {
    yield* child.stdout
    const said = await ended
    if (readProblem) throw readProblem
    if (said === undefined) return
    if (said instanceof Error) {
      throw dataError(
        `${path} is packed with ${packing}, and the program ${program} is not installed`,
        `install ${program}, or unpack the file elsewhere`,
      )
    }
    throw dataError(`${path}: ${program} cannot unpack it: ${printable(said)}`, 'copy the file again')
  } finally {
    child.kill('SIGKILL')
  }
}

/** @throws RankBenchError(data) when the stream is damaged or cut short, or its program is not installed */
export const unpacked = (chunks: Chunks, path: string, packing: Packing): Chunks =>
  packing === 'gzip' ? gunzip(chunks, path) : runProgram(chunks, path, packing)
