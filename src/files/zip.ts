/** Members of a zip archive, by its central directory. The only file that knows yauzl. */

import { type Entry, type Options, open, type ZipFile } from 'yauzl'
import type { Member, Members } from './archive.ts'

const options: Options = { lazyEntries: true, autoClose: false, validateEntrySizes: true }

const opened = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    open(path, options, (error, file) => (error ? reject(error) : resolve(file)))
  })

function nextEntry(file: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      file.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
      finish()
    }
    file.once('entry', (entry: Entry) => settle(() => resolve(entry)))
    file.once('end', () => settle(() => resolve(undefined)))
    file.once('error', (error) => settle(() => reject(error)))
    file.readEntry()
  })
}

async function* contents(file: ZipFile, entry: Entry): AsyncIterable<Uint8Array> {
  if (entry.isEncrypted()) throw new Error(`${entry.fileName} is encrypted`)
  yield* await new Promise<NodeJS.ReadableStream & AsyncIterable<Uint8Array>>((resolve, reject) => {
    file.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)))
  })
}

/** Unix modes stand in the upper half of the attributes. */
const isLink = ({ externalFileAttributes }: Entry): boolean => ((externalFileAttributes >>> 16) & 0o170000) === 0o120000

const kindOf = (entry: Entry): Member['kind'] =>
  isLink(entry) ? 'link' : entry.fileName.endsWith('/') ? 'folder' : 'file'

/** @throws Error when the archive is damaged, encrypted, or names files outside of itself */
export async function* zipMembers(path: string): Members {
  const file = await opened(path)
  try {
    for (let entry = await nextEntry(file); entry; entry = await nextEntry(file)) {
      const current = entry
      yield { name: entry.fileName, kind: kindOf(entry), contents: () => contents(file, current) }
    }
  } finally {
    file.close()
  }
}
