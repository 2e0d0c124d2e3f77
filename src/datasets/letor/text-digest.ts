/** SHA-256 of a text as if its line ends were LF, so that LF and CRLF copies of a file have one digest. */

import { createHash } from 'node:crypto'

export interface TextDigest {
  /** The next bytes, cut anywhere. */
  update(chunk: Uint8Array): void
  /** Lower-case hex; ends the digest. */
  hex(): string
}

const carriageReturn = 13

const withLf = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')

export function createTextDigest(): TextDigest {
  const hash = createHash('sha256')
  /** The last byte was CR: whether it goes depends on the next one. */
  let pending = false
  return {
    update(chunk) {
      if (chunk.length === 0) return
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      if (!pending && !bytes.includes(carriageReturn)) {
        hash.update(bytes)
        return
      }
      const whole = pending ? Buffer.concat([Buffer.of(carriageReturn), bytes]) : bytes
      pending = whole[whole.length - 1] === carriageReturn
      hash.update(withLf(pending ? whole.subarray(0, -1) : whole))
    },
    hex() {
      if (pending) hash.update(Buffer.of(carriageReturn))
      return hash.digest('hex')
    },
  }
}

/** Passes chunks on, digesting them on the way. */
export async function* digesting(chunks: AsyncIterable<Uint8Array>, digest: TextDigest): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    digest.update(chunk)
    yield chunk
  }
}
