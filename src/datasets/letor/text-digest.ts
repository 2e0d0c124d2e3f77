/** SHA-256 of a text as if its line ends were LF, so that LF, CR LF and CR copies of a file have one digest. */

import { createHash } from 'node:crypto'

interface TextDigest {
  /** The next bytes, cut anywhere. */
  update(chunk: Uint8Array): void
  /** Lower-case hex; ends the digest. */
  hex(): string
}

const carriageReturn = 13

const withLf = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replace(/\r+\n|\r/g, '\n'), 'latin1')

function trailingReturns(bytes: Buffer): number {
  let at = bytes.length
  while (at > 0 && bytes[at - 1] === carriageReturn) at--
  return bytes.length - at
}

export function createTextDigest(): TextDigest {
  const hash = createHash('sha256')
  /** CRs at the end: what they are depends on the next byte. */
  let pending: Buffer = Buffer.alloc(0)
  return {
    update(chunk) {
      if (chunk.length === 0) return
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      if (pending.length === 0 && !bytes.includes(carriageReturn)) {
        hash.update(bytes)
        return
      }
      const whole = pending.length > 0 ? Buffer.concat([pending, bytes]) : bytes
      const kept = whole.length - trailingReturns(whole)
      pending = whole.subarray(kept)
      hash.update(withLf(whole.subarray(0, kept)))
    },
    hex() {
      hash.update(withLf(pending))
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
