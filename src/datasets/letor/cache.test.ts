import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { decodeRankingData, encodeRankingData } from './arrow.ts'
import { loadFile, reloadFile } from './cache.ts'
import { userCacheFolder } from './cache-place.ts'
import { parseSvmlightChunks } from './svmlight.ts'
import { createTextDigest } from './text-digest.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-cache-'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
})

const letorText = (documents: number, seed = 1): string =>
  Array.from(
    { length: documents },
    (_, i) =>
      `${(i * seed) % 3} qid:${Math.floor(i / 4)} 1:${(i + seed) / 8} 2:${i % 5} 3:0.25 #docid = D${seed}-${i}\n`,
  ).join('')

const arrows = (path: string): string[] =>
  existsSync(path)
    ? (readdirSync(path, { recursive: true }) as string[]).filter((name) => name.endsWith('.arrow')).sort()
    : []

/** A ranking file and its cache's only path, once it has been loaded. */
async function cachedFile(documents: number): Promise<{ path: string; cache: string }> {
  const path = join(folder, 'S1.txt')
  writeFileSync(path, letorText(documents))
  await loadFile(path)
  return { path, cache: join(folder, arrows(folder)[0]) }
}

/** Puts a recognisable cache in place, so that a load tells whether it was read. */
function plant(cache: string, bytes: Uint8Array): void {
  writeFileSync(cache, bytes)
  utimesSync(cache, 1, 1)
}
const wasRead = (cache: string): boolean => statSync(cache).mtimeMs === 1000

describe('Arrow', () => {
  test.each([1, 2, 3, 7, 8, 33])('gives back %i documents, whatever padding it adds', async (documents) => {
    const data = await parseSvmlightChunks([Buffer.from(letorText(documents))], 'x')
    expect(decodeRankingData(encodeRankingData(data, {})).data).toEqual(data)
  })
  test('gives back files without names and without features', async () => {
    for (const text of ['1 qid:1 1:2\n0 qid:2 1:3\n', '1 qid:1\n']) {
      const data = await parseSvmlightChunks([Buffer.from(text)], 'x')
      expect(decodeRankingData(encodeRankingData(data, {})).data).toEqual(data)
    }
  })
  test('shares the memory of the file with the features', async () => {
    const data = await parseSvmlightChunks([Buffer.from(letorText(9))], 'x')
    const bytes = encodeRankingData(data, {})
    expect(decodeRankingData(bytes).data.features.buffer).toBe(bytes.buffer)
  })
})

describe('the cache', () => {
  test.each([32, 33])('of %i documents is read, not made again, and holds what was parsed', async (documents) => {
    const { path, cache } = await cachedFile(documents)
    const parsed = await reloadFile(path)
    plant(cache, readFileSync(cache))
    expect(await loadFile(path)).toEqual(parsed)
    expect(wasRead(cache)).toBe(true)
  })
  test('is made anew when the file changes, and the stale one is removed', async () => {
    const { path, cache } = await cachedFile(9)
    writeFileSync(path, letorText(12, 2))
    expect((await loadFile(path)).data.labels).toHaveLength(12)
    expect(arrows(folder)).toHaveLength(1)
    expect(existsSync(cache)).toBe(false)
  })
  test('is made anew when the bytes change while size and time of change stay', async () => {
    const { path } = await cachedFile(9)
    const { atime, mtime } = statSync(path)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace('1:0.125', '1:9.125'))
    utimesSync(path, atime, mtime)
    expect((await loadFile(path)).data.features[0]).toBe(9.125)
  })
  test('is made anew when another file of the same size and time is moved there', async () => {
    const { path } = await cachedFile(9)
    const { atime, mtime } = statSync(path)
    const other = join(folder, 'other')
    writeFileSync(other, readFileSync(path, 'utf8').replace('1:0.125', '1:8.125'))
    utimesSync(other, atime, mtime)
    renameSync(other, path)
    expect((await loadFile(path)).data.features[0]).toBe(8.125)
  })
  test('keeps names that are not UTF-8 apart', async () => {
    const path = join(folder, 'S1.txt')
    writeFileSync(path, Buffer.from('1 qid:q\xe9 1:1 #docid = caf\xe9\n0 qid:q\xe8 1:2 #docid = caf\xe8\n', 'latin1'))
    const parsed = await reloadFile(path)
    const cached = await loadFile(path)
    expect(arrows(folder)).toHaveLength(1)
    expect(cached).toEqual(parsed)
    expect(cached.data.documents).toEqual(['caf\udce9', 'caf\udce8'])
    expect(cached.data.queries).toEqual(['q\udce9', 'q\udce8'])
  })
  test('is made anew when the sizes of lists beside the file change', async () => {
    const path = join(folder, 'rank.train')
    writeFileSync(path, '1 1:1\n0 1:2\n0 1:3\n')
    writeFileSync(`${path}.query`, '1\n2\n')
    const first = await loadFile(path)
    writeFileSync(`${path}.query`, '2\n1\n')
    const second = await loadFile(path)
    expect([[...first.data.offsets], [...second.data.offsets]]).toEqual([
      [0, 1, 3],
      [0, 2, 3],
    ])
    expect(first.sha256).not.toBe(second.sha256)
  })
  test('is made anew when it is no Arrow file, cut short, or has one bit turned', async () => {
    const { path, cache } = await cachedFile(33)
    const [parsed, whole] = [await reloadFile(path), readFileSync(cache)]
    const values = Buffer.from(new Float32Array(parsed.data.features.subarray(0, 4)).buffer)
    const turned = Buffer.from(whole)
    turned[whole.indexOf(values)] ^= 1
    for (const damaged of [Buffer.from('not arrow'), whole.subarray(0, whole.length / 2), Buffer.alloc(0), turned]) {
      plant(cache, damaged)
      expect(await loadFile(path)).toEqual(parsed)
      expect(wasRead(cache)).toBe(false)
      expect(readFileSync(cache).equals(whole)).toBe(true)
    }
  })
  test('of a known width is another one than of a discovered width', async () => {
    const { path } = await cachedFile(9)
    expect((await loadFile(path, { width: 5 })).data.width).toBe(5)
    expect((await loadFile(path)).data.width).toBe(3)
    await expect(loadFile(path, { width: 2 })).rejects.toThrow(/feature 3; expected at most 2/)
  })
  test('of a file in a read-only folder goes to the cache folder of the user, also for root', async () => {
    const published = join(folder, 'published')
    mkdirSync(published)
    writeFileSync(join(published, 'S1.txt'), letorText(9))
    chmodSync(published, 0o555)
    const parsed = await loadFile(join(published, 'S1.txt'))
    expect(readdirSync(published)).toEqual(['S1.txt'])
    expect(arrows(userCacheFolder())).toHaveLength(1)
    expect(await loadFile(join(published, 'S1.txt'))).toEqual(parsed)
    chmodSync(published, 0o755)
  })
  test('costs nothing but a parse where nothing can be written', async () => {
    const path = join(folder, 'S1.txt')
    writeFileSync(path, letorText(9))
    // Files where the cache folders should be: no cache can be made, whoever runs the test.
    writeFileSync(join(folder, '.rank-bench'), '')
    writeFileSync(join(folder, 'cache'), '')
    expect((await loadFile(path)).data.labels).toHaveLength(9)
    expect(arrows(folder)).toEqual([])
  })
  test('leaves no temporary file behind', async () => {
    await cachedFile(9)
    expect((readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
  test('lies under an absolute XDG_CACHE_HOME only', () => {
    expect(userCacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/rank-bench')
    for (const named of ['', 'relative']) {
      expect(userCacheFolder({ XDG_CACHE_HOME: named })).toMatch(/^\/.*\.cache\/rank-bench$/)
    }
  })
})

describe('the digest of a text', () => {
  test('is one for plain, gzip, LF, CR LF and CR copies', async () => {
    const text = letorText(9)
    const crlf = text.replaceAll('\n', '\r\n')
    const digests = await Promise.all(
      [text, crlf, gzipSync(text), gzipSync(crlf), text.replaceAll('\n', '\r')].map(async (content, i) => {
        writeFileSync(join(folder, `copy${i}`), content)
        return (await loadFile(join(folder, `copy${i}`))).sha256
      }),
    )
    expect(new Set(digests).size).toBe(1)
  })
  test('does not depend on where the bytes are cut', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const hexOf = (chunks: readonly string[]) => {
      const digest = createTextDigest()
      for (const chunk of chunks) digest.update(Buffer.from(chunk))
      return digest.hex()
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\r', '\n', 'a', '\r\n', ''), { maxLength: 12 }), (chunks) => {
        expect(hexOf(chunks)).toBe(sha256(chunks.join('').replace(/\r+\n|\r/g, '\n')))
      }),
    )
    expect(hexOf(['a\r\nb'])).not.toBe(hexOf(['ab']))
  })
})
