import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { parseFile } from './letor/cache.ts'
import { type CatalogueEntry, catalogue, rotation } from './letor/catalogue.ts'
import { findLayout } from './letor/layout.ts'
import { placeFiles } from './letor/place.ts'
import { cutIntoParts, withFolder as withAnyFolder } from './letor/unpack.ts'
import { checkLayout } from './letor/verify.ts'
import { addDataset, dataRoot, datasetPath, describeCheck, listDatasets, verifyDataset } from './manage.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-manage-'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
})

const parts = [1, 2, 3, 4, 5].map((part) =>
  Array.from({ length: 4 }, (_, i) => `${i % 3} qid:${part}${Math.floor(i / 2)} 1:${i} 2:${part}\n`).join(''),
)

/** A catalogue entry of generated parts, so that right copies can be checked without the published data. */
const entry: CatalogueEntry = {
  ...catalogue[0],
  width: 2,
  parts: parts.map((text, i) => ({
    name: `S${i + 1}`,
    queries: 2,
    documents: 4,
    labels: [2, 1, 1],
    sha256: createHash('sha256').update(text).digest('hex'),
  })),
}

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}

function putFolds(inside: string): string {
  for (const [f, fold] of rotation.entries()) {
    const text = (indices: readonly number[]) => indices.map((i) => parts[i]).join('')
    put(`${inside}/Fold${f + 1}/train.txt`, text(fold.train))
    put(`${inside}/Fold${f + 1}/vali.txt`, text(fold.validation))
    put(`${inside}/Fold${f + 1}/test.txt`, text(fold.test).replaceAll('\n', '\r\n'))
  }
  return join(folder, inside)
}

const withFolder = <T>(source: string, of: CatalogueEntry, use: (path: string) => Promise<T>): Promise<T> =>
  withAnyFolder(source, of, (text, into) => cutIntoParts(text, of, into), use)

const wrong = async (path: string): Promise<string[]> =>
  (await checkLayout(entry, findLayout(path), parseFile))!
    .filter((check) => !check.right)
    .map((check) => check.expected.name)

describe('checking files', () => {
  test('finds right parts right, plain, packed or with CRLF', async () => {
    for (const [i, text] of parts.entries()) put(`flat/S${i + 1}.txt.gz`, gzipSync(text.replaceAll('\n', '\r\n')))
    expect(await wrong(join(folder, 'flat'))).toEqual([])
  })
  test('checks all fifteen files of five folds, and names one train file that is another', async () => {
    const path = putFolds('folds')
    expect(await checkLayout(entry, findLayout(path), parseFile)).toHaveLength(15)
    expect(await wrong(path)).toEqual([])
    put('folds/Fold4/train.txt', parts[0])
    expect(await wrong(path)).toEqual(['Fold4/train.txt'])
  })
  test('says counts and digest, expected and found', async () => {
    for (const [i, text] of parts.entries()) put(`flat/S${i + 1}.txt`, i === 2 ? `${text}9 qid:x 1:1\n` : text)
    const checks = await checkLayout(entry, findLayout(join(folder, 'flat')), parseFile)
    const texts = checks!.map(describeCheck)
    expect(texts[0]).toMatch(/^✓ S1: 2 queries, 4 documents, labels 2\/1\/1, SHA-256 [0-9a-f]{12}…$/)
    expect(texts[2]).toMatch(
      /^✗ S3 \(.*S3\.txt\): 3 queries, 5 documents, labels 2\/1\/1\/0\/0\/0\/0\/0\/0\/1, .*; expected 2 queries, 4/,
    )
  })
  test('names file and line of one that cannot be read', async () => {
    for (const [i, text] of parts.entries()) put(`flat/S${i + 1}.txt`, i === 2 ? `${text}what\n` : text)
    await expect(wrong(join(folder, 'flat'))).rejects.toThrow(/S3\.txt, line 5: the label is "what"/)
  })
})

describe('a source', () => {
  const installed = (program: string) => {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }

  test('of one file of all lists is cut into its parts', async () => {
    put('Querylevelnorm.txt.gz', gzipSync(parts.join('')))
    expect(await withFolder(join(folder, 'Querylevelnorm.txt.gz'), entry, wrong)).toEqual([])
  })
  test('of one file with a line too many keeps it, so that the last part is wrong', async () => {
    put('long.txt', `${parts.join('')}0 qid:extra 1:1\n`)
    expect(await withFolder(join(folder, 'long.txt'), entry, wrong)).toEqual(['S5'])
  })
  test.skipIf(!installed('tar'))('of a tar archive is unpacked, and the unpacked folder removed', async () => {
    putFolds('MQ2008')
    execFileSync('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', folder, 'MQ2008'])
    let unpacked = ''
    const found = await withFolder(join(folder, 'a.tar.gz'), entry, async (path) => {
      unpacked = path
      return wrong(path)
    })
    expect(found).toEqual([])
    expect(existsSync(unpacked)).toBe(false)
  })
  test('of a zip archive is unpacked', async () => {
    putFolds('MQ2008')
    const made = installed('zip')
    if (!made) return console.log('skipped: the program zip is not installed')
    execFileSync('zip', ['-qr', join(folder, 'a.zip'), 'MQ2008'], { cwd: folder })
    expect(await withFolder(join(folder, 'a.zip'), entry, wrong)).toEqual([])
  })
  test('of an archive is what its bytes say, whatever it is called', async () => {
    putFolds('MQ2008')
    execFileSync('tar', ['-cf', join(folder, 'a.zip'), '-C', folder, 'MQ2008'])
    expect(await withFolder(join(folder, 'a.zip'), entry, wrong)).toEqual([])
  })
  test('of an archive is called by its name in errors, not by where it was unpacked', async () => {
    put('in/S1.txt', 'what\n')
    for (const i of [2, 3, 4, 5]) put(`in/S${i}.txt`, parts[i - 1])
    execFileSync('tar', ['-cf', join(folder, 'a.tar'), '-C', join(folder, 'in'), '.'])
    await expect(withFolder(join(folder, 'a.tar'), entry, wrong)).rejects.toThrow(
      /a\.tar: S1\.txt, line 1: the label is "what"/,
    )
  })
  test('of an archive that is damaged, cut short, or holds links is refused, and nothing is left behind', async () => {
    putFolds('MQ2008')
    execFileSync('tar', ['-czf', join(folder, 'a.tgz'), '-C', folder, 'MQ2008'])
    execFileSync('tar', ['-cf', join(folder, 'a.tar'), '-C', folder, 'MQ2008'])
    put('short.tgz', readFileSync(join(folder, 'a.tgz')).subarray(0, -40))
    put('short.tar', readFileSync(join(folder, 'a.tar')).subarray(0, 1400))
    put('links/target', 'secret')
    symlinkSync('/etc/passwd', join(folder, 'links/S1.txt'))
    execFileSync('tar', ['-cf', join(folder, 'links.tar'), '-C', join(folder, 'links'), '.'])
    mkdirSync(join(folder, 'temporary'))
    vi.stubEnv('TMPDIR', join(folder, 'temporary'))
    const add = (name: string) => withFolder(join(folder, name), entry, wrong)
    await expect(add('short.tgz')).rejects.toThrow(/short\.tgz: the gzip stream is truncated/)
    await expect(add('short.tar')).rejects.toThrow(/short\.tar is damaged or cut short/)
    await expect(add('links.tar')).rejects.toThrow(/links in archives are not followed/)
    expect(readdirSync(join(folder, 'temporary'))).toEqual([])
  })
  test('of a format that is not read, or that is not there, is refused', async () => {
    put('MQ2008.rar', Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1'))
    await expect(withFolder(join(folder, 'MQ2008.rar'), entry, wrong)).rejects.toThrow(/is a RAR archive/)
    await expect(withFolder(join(folder, 'none'), entry, wrong)).rejects.toThrow(/no such file or folder/)
  })
})

describe('placing files', () => {
  test('copies under the names of the parts, also over an earlier copy, and leaves nothing else', () => {
    put('from/test.txt.gz', 'new')
    put('to/S1.txt.gz', 'old')
    placeFiles([{ stem: 'S1', from: join(folder, 'from/test.txt.gz') }], join(folder, 'to'))
    expect(readFileSync(join(folder, 'to/S1.txt.gz'), 'utf8')).toBe('new')
    placeFiles([{ stem: 'S1', from: join(folder, 'to/S1.txt.gz') }], join(folder, 'to'))
    expect(readdirSync(join(folder, 'to'))).toEqual(['S1.txt.gz'])
  })
  test('refuses to put a second file of a part beside the first, and a target that is a file', () => {
    put('from/S1.txt.gz', 'new')
    put('to/S1.txt', 'old')
    const placements = [{ stem: 'S1', from: join(folder, 'from/S1.txt.gz') }]
    expect(() => placeFiles(placements, join(folder, 'to'))).toThrow(/S1\.txt is already there and would stand beside/)
    expect(() => placeFiles(placements, join(folder, 'to/S1.txt'))).toThrow(/cannot be written/)
  })
})

describe('managing', () => {
  test('a folder of another data set is refused with every wrong part, and nothing is copied', async () => {
    for (const [i, text] of parts.entries()) put(`flat/S${i + 1}.txt`, text)
    const root = join(folder, 'root')
    await expect(addDataset('letor:mq2008', join(folder, 'flat'), root)).rejects.toThrow(
      /is not letor:mq2008:(\n {2}✗ S\d .*){5}$/,
    )
    expect(existsSync(root)).toBe(false)
    await expect(addDataset('letor:mq2008', folder, root)).rejects.toThrow(/neither S1\.\.S5 nor Fold1\.\.Fold5/)
  })
  test('unknown names offer the nearest, absent data its way in', async () => {
    await expect(verifyDataset('letor:mq208', folder)).rejects.toEqual(
      expect.objectContaining({ hint: expect.stringMatching(/did you mean letor:mq2008/) }),
    )
    expect(() => datasetPath('letor:ohsumed', folder)).toThrow(/letor:ohsumed is not on this machine/)
    expect(listDatasets(folder).filter((status) => status.folder !== undefined)).toEqual([])
  })
  test('the data root is --data, else RANK_BENCH_DATA, else the cache folder once something was added', () => {
    const env = { RANK_BENCH_DATA: '/named', XDG_CACHE_HOME: join(folder, 'cache') }
    expect(dataRoot({ flag: '/flag', env })).toBe('/flag')
    expect(dataRoot({ env })).toBe('/named')
    const unnamed = { ...env, RANK_BENCH_DATA: '' }
    expect(dataRoot({ flag: '', env: unnamed })).toBeUndefined()
    const added = join(folder, 'cache/rank-bench/data')
    mkdirSync(added, { recursive: true })
    expect(dataRoot({ env: unnamed })).toBe(added)
  })
})
