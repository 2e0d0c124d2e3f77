/** What a file is by its first bytes: names lie, and a file of the wrong kind gives its reader the oddest errors. */

export type Packing = 'gzip' | 'bzip2' | 'xz' | 'zstd'

export type FileKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'packed'; readonly packing: Packing }
  | { readonly kind: 'tar' | 'zip' }
  /** Something that is known and not read here, with the way out. */
  | { readonly kind: 'other'; readonly what: string; readonly hint: string }

interface Signature {
  readonly bytes: readonly number[] | string
  readonly kind: FileKind
}

const packed = (bytes: Signature['bytes'], packing: Packing): Signature => ({
  bytes,
  kind: { kind: 'packed', packing },
})
const other = (bytes: Signature['bytes'], what: string, hint: string): Signature => ({
  bytes,
  kind: { kind: 'other', what, hint },
})

const asText = 'write it as text'
const unpackIt = (program: string): string => `unpack it (${program}) and name what is inside`

const signatures: readonly Signature[] = [
  packed([0x1f, 0x8b], 'gzip'),
  packed('BZh', 'bzip2'),
  packed([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 'xz'),
  packed([0x28, 0xb5, 0x2f, 0xfd], 'zstd'),
  { bytes: 'PK\x03\x04', kind: { kind: 'zip' } },
  { bytes: 'PK\x05\x06', kind: { kind: 'zip' } },
  other('Rar!\x1a\x07', 'a RAR archive', unpackIt('unrar x, or 7z x')),
  other([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'a 7z archive', unpackIt('7z x')),
  other([0x04, 0x22, 0x4d, 0x18], 'packed with lz4', unpackIt('lz4 -d')),
  other('LZIP', 'packed with lzip', unpackIt('lzip -d')),
  other([0x1f, 0x9d], 'packed with compress', unpackIt('gzip -d')),
  other([0xff, 0xfe], 'UTF-16 text; expected UTF-8', 'iconv -f UTF-16 -t UTF-8 <file>'),
  other([0xfe, 0xff], 'UTF-16 text; expected UTF-8', 'iconv -f UTF-16 -t UTF-8 <file>'),
  other('PAR1', 'a Parquet file; expected text', asText),
  other('ARROW1', 'an Arrow file; expected text', asText),
  other('\x89HDF', 'an HDF5 file; expected text', asText),
  other('\x93NUMPY', 'a NumPy file; expected text', 'numpy.savetxt writes one number a line'),
  other('%PDF', 'a PDF; expected text', 'name the data, not the paper'),
  other('version https://git-lfs', 'a Git LFS pointer, not the file', 'git lfs pull'),
]

const startsWith = (head: Uint8Array, bytes: Signature['bytes']): boolean =>
  head.length >= bytes.length &&
  (typeof bytes === 'string' ? [...Buffer.from(bytes, 'latin1')] : bytes).every((byte, i) => head[i] === byte)

const checksumAt = 148

/** The header of a first member adds up: POSIX.1-1988 ustar and the older form alike. */
function isTar(head: Uint8Array): boolean {
  if (head.length < 512 || head[0] === 0) return false
  let sum = 8 * 32
  for (let i = 0; i < 512; i++) if (i < checksumAt || i >= checksumAt + 8) sum += head[i]
  const written = Buffer.from(head.buffer, head.byteOffset + checksumAt, 8).toString('latin1')
  return Number.parseInt(written.trim(), 8) === sum
}

const page = /^\s*<(!doctype html|html)/i

/** @param head the first 512 bytes, or all there are */
export function kindOf(head: Uint8Array): FileKind {
  const found = signatures.find(({ bytes }) => startsWith(head, bytes))
  if (found) return found.kind
  if (isTar(head)) return { kind: 'tar' }
  if (page.test(Buffer.from(head.subarray(0, 64)).toString('latin1'))) {
    return { kind: 'other', what: 'a web page, not the file', hint: 'download the file itself' }
  }
  return { kind: 'text' }
}
