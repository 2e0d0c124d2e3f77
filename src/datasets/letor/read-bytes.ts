/** The unpacked bytes of a plain or gzip file, told apart by content: names lie. */

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { dataError, type RankBenchError } from '../../core/errors.ts'

const chunkBytes = 2 ** 20

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

function readError(path: string, cause: unknown): RankBenchError {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return dataError(`${path}: no such file`)
  if (code === 'EISDIR') return dataError(`${path} is a folder; expected a file`)
  if (code === 'Z_BUF_ERROR') return dataError(`${path}: the gzip stream is truncated`, 'copy the file again')
  return dataError(`${path} cannot be read: ${message}`)
}

/** @throws RankBenchError(data) when the file is absent, or its gzip damaged or cut short */
export async function* readBytes(path: string): AsyncIterable<Uint8Array> {
  try {
    const gzip = await isGzip(path)
    const raw = createReadStream(path, { highWaterMark: chunkBytes })
    // The iteration throws what pipeline() reports; without a callback it would be thrown a second time, uncaught.
    yield* gzip ? pipeline(raw, createGunzip({ chunkSize: chunkBytes }), () => {}) : raw
  } catch (cause) {
    throw readError(path, cause)
  }
}
