/** Members of a tar archive. The only file that knows modern-tar. */

import { createTarDecoder, type TarHeader } from 'modern-tar'
import type { Member, Members } from './archive.ts'

const kinds: Readonly<Partial<Record<NonNullable<TarHeader['type']>, Member['kind']>>> = {
  file: 'file',
  directory: 'folder',
  link: 'link',
  symlink: 'link',
}

/** @throws Error when the archive is damaged or cut short */
export async function* tarMembers(chunks: AsyncIterable<Uint8Array>): Members {
  const source = ReadableStream.from(chunks) as ReadableStream<Uint8Array<ArrayBuffer>>
  const entries = source.pipeThrough(createTarDecoder({ strict: true }))
  for await (const { header, body } of entries) {
    let left = true
    yield {
      name: header.name,
      kind: kinds[header.type ?? 'file'] ?? 'other',
      contents() {
        left = false
        return body
      },
    }
    if (left) await body.cancel()
  }
}
