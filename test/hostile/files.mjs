/** Files that go wrong when they are read: one a line, with what must be said of them. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const text = '1 qid:1 1:1 #docid = a\n0 qid:1 1:2 #docid = b\n'
const put = (content) => (path) => writeFileSync(path, content)
const latin1 = (bytes) => Buffer.from(bytes, 'latin1')
const long = 'n'.repeat(300)

/**
 * @typedef {{ name: string, make: (path: string) => void, at?: (path: string) => string, says: RegExp, sized?: boolean }} BadFile
 * `at`: the path to give, where it is another than the one made. `sized`: a small text reader meets it too.
 */

/** @type {BadFile[]} */
export const badFiles = [
  { name: 'that is not there', make: () => {}, says: /no such file/, sized: true },
  { name: 'that is a folder', make: (path) => mkdirSync(path), says: /folder/, sized: true },
  { name: 'that is a link to itself', make: (path) => symlinkSync(path, path), says: /symbolic links/, sized: true },
  {
    name: 'with a name of 300 letters',
    make: () => {},
    at: (path) => join(path, '..', long),
    says: /too long/,
    sized: true,
  },
  { name: 'below a file', make: put(text), at: (path) => join(path, 'x'), says: /expected a folder/, sized: true },
  {
    name: 'that is a link to nothing',
    make: (path) => symlinkSync(`${path}.gone`, path),
    says: /no such file/,
    sized: true,
  },
  {
    name: 'that is empty',
    make: put(''),
    says: /no documents|no lines|0 scores|no sizes|not JSON|is not|no default|needs|not a/,
    sized: true,
  },
  { name: 'that is a RAR archive', make: put(latin1('Rar!\x1a\x07\x01\x00')), says: /RAR archive/, sized: true },
  { name: 'that is a 7z archive', make: put(latin1('7z\xbc\xaf\x27\x1c\x00\x04')), says: /7z archive/, sized: true },
  { name: 'that is a PDF', make: put('%PDF-1.7\n1 0 obj\n'), says: /PDF/, sized: true },
  { name: 'that is Parquet', make: put('PAR1\x15\x04\x15'), says: /Parquet/, sized: true },
  { name: 'that is NumPy', make: put(latin1('\x93NUMPY\x01\x00v\x00{}')), says: /NumPy/, sized: true },
  { name: 'that is HDF5', make: put(latin1('\x89HDF\r\n\x1a\n')), says: /HDF5/, sized: true },
  { name: 'that is Arrow', make: put('ARROW1\0\0'), says: /Arrow/, sized: true },
  {
    name: 'that is a web page',
    make: put('<!DOCTYPE html>\n<html><body>404</body></html>\n'),
    says: /web page/,
    sized: true,
  },
  {
    name: 'that is a Git LFS pointer',
    make: put('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
    says: /LFS pointer/,
    sized: true,
  },
  { name: 'in UTF-16 little endian', make: put(Buffer.from(`\ufeff${text}`, 'utf16le')), says: /UTF-16/, sized: true },
  {
    name: 'in UTF-16 big endian',
    make: put(Buffer.from(`\ufeff${text}`, 'utf16le').swap16()),
    says: /UTF-16/,
    sized: true,
  },
  { name: 'whose gzip is cut short', make: put(gzipSync(text.repeat(99)).subarray(0, 50)), says: /truncated|packed/ },
  { name: 'whose gzip is cut in its header', make: put(gzipSync(text).subarray(0, 6)), says: /truncated|packed/ },
  {
    name: 'whose gzip has a wrong checksum',
    make: (path) => {
      const packed = gzipSync(text.repeat(9))
      packed[packed.length - 6] ^= 1
      writeFileSync(path, packed)
    },
    says: /damaged|packed/,
  },
  {
    name: 'whose gzip has garbage behind it',
    make: put(Buffer.concat([gzipSync(text), Buffer.from('garbage')])),
    says: /damaged|packed/,
  },
  { name: 'that is packed twice', make: put(gzipSync(gzipSync(text))), says: /packed twice|packed/ },
  { name: 'that is a tar archive', make: (path) => archive(path, 'tar'), says: /tar archive|packed|S1/ },
  { name: 'whose bzip2 is damaged', make: put('BZh91AY&SYdamaged'), says: /bzip2|packed/ },
  { name: 'whose xz is damaged', make: put(latin1('\xfd7zXZ\x00damaged')), says: /xz|packed/ },
  { name: 'whose zstd is damaged', make: put(latin1('\x28\xb5\x2f\xfddamaged')), says: /zstd|packed/ },
  { name: 'that is packed with lz4', make: put(latin1('\x04\x22\x4d\x18xxxx')), says: /lz4/, sized: true },
  { name: 'of zero bytes', make: put(Buffer.alloc(4096)), says: /./, sized: true },
  {
    name: 'of random bytes',
    make: put(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i * 31 + i * 7) % 251))),
    says: /./,
    sized: true,
  },
]

function archive(path) {
  const folder = `${path}.d`
  mkdirSync(folder)
  writeFileSync(join(folder, 'x.txt'), text)
  execFileSync('tar', ['-cf', path, '-C', folder, 'x.txt'])
}

/** Outputs that cannot be written. @type {{ name: string, make: (folder: string) => string, says: RegExp }[]} */
export const badOutputs = [
  { name: 'in a folder that is not there', make: (folder) => join(folder, 'none', 'x'), says: /no such file/ },
  { name: 'onto a folder', make: (folder) => folder, says: /folder/ },
  { name: 'onto a full device', make: () => '/dev/full', says: /no space left/ },
  { name: 'with a name of 300 letters', make: (folder) => join(folder, long), says: /too long/ },
  {
    name: 'below a file',
    make: (folder) => {
      writeFileSync(join(folder, 'plain'), '')
      return join(folder, 'plain', 'x')
    },
    says: /expected a folder/,
  },
  {
    name: 'onto a link to itself',
    make: (folder) => {
      symlinkSync(join(folder, 'loop'), join(folder, 'loop'))
      return join(folder, 'loop')
    },
    says: /symbolic links/,
  },
]
