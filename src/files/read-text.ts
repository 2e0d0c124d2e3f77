/** Small files, whole: configs, plug-ins, JSON. With a limit, as a path may name a device that never ends. */

import { closeSync, openSync, readSync } from 'node:fs'
import { dataError } from '../core/errors.ts'
import { onFile } from './problem.ts'
import { fileLabel, standardInput } from './read-bytes.ts'
import { kindOf } from './signatures.ts'

const largest = 2 ** 28

/** Standard input may be a pipe that has nothing to say yet. */
function readSome(file: number, into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(file, into)
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw cause
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function readAll(path: string): Buffer {
  const file = path === standardInput ? 0 : openSync(path, 'r')
  try {
    const chunks: Buffer[] = []
    for (let bytes = 0; ; ) {
      const chunk = Buffer.allocUnsafe(2 ** 16)
      const read = readSome(file, chunk)
      if (read === 0) return Buffer.concat(chunks)
      chunks.push(chunk.subarray(0, read))
      bytes += read
      if (bytes > largest) {
        throw dataError(`${fileLabel(path)} has more than ${largest / 2 ** 20} MiB; expected a small file`)
      }
    }
  } finally {
    if (file !== 0) closeSync(file)
  }
}

/**
 * The text of a small file, of a pipe, or of `-`, standard input; without its byte order mark.
 * @throws RankBenchError(data) when it cannot be read, is no text, or has more than 256 MiB
 */
export function readSmallText(path: string): string {
  const bytes = onFile(fileLabel(path), () => readAll(path))
  const kind = kindOf(bytes.subarray(0, 512))
  if (kind.kind === 'other') throw dataError(`${fileLabel(path)} is ${kind.what}`, kind.hint)
  if (kind.kind !== 'text') throw dataError(`${fileLabel(path)} is packed; expected text`, 'unpack it first')
  const text = bytes.toString('utf8')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}
