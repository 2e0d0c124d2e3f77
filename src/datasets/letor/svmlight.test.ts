import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { RankingData } from '../../core/dataset.ts'
import { parseSvmlightChunks, readSvmlight } from './svmlight.ts'

const parse = (text: string, width?: number): Promise<RankingData> =>
  parseSvmlightChunks([Buffer.from(text)], 'file.txt', width === undefined ? {} : { width })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-svmlight-'))
})

/** Lists of LETOR lines, as the publisher writes them. */
const letorText = (seed: number): string =>
  Array.from({ length: 40 }, (_, i) => {
    const features = Array.from({ length: 5 }, (_, j) => `${j + 1}:${((i * 7 + j * 3 + seed) % 11) / 8}`)
    return `${(i * seed) % 3} qid:${Math.floor(i / 6)} ${features.join(' ')} #docid = D${seed}-${i} inc = 1\n`
  }).join('')

describe('the parser', () => {
  test('reads labels, queries, dense and sparse features and document names', async () => {
    const data = await parse(
      '2 qid:10 1:0.5 3:-1.25e-1 #docid = GX1 inc = 1\n0 qid:10 2:7\n1 qid:x 1:1 2:2 3:3 # other\n',
    )
    expect(data.queries).toEqual(['10', 'x'])
    expect(Array.from(data.offsets)).toEqual([0, 2, 3])
    expect(Array.from(data.labels)).toEqual([2, 0, 1])
    expect(data.width).toBe(3)
    expect(Array.from(data.features)).toEqual([0.5, 0, -0.125, 0, 7, 0, 1, 2, 3])
    // Names are all or nothing: a half-named list cannot break ties by name.
    expect(data.documents).toBeUndefined()
    expect((await parse('0 qid:1 1:1 #docid = A\n1 qid:1 1:2 #docid = B\n')).documents).toEqual(['A', 'B'])
  })
  test('takes CRLF, blank lines, comment lines, tabs, doubled blanks and a missing last line break', async () => {
    const plain = await parse('1 qid:1 1:1 2:2\n0 qid:1 1:3 2:4\n')
    const odd = await parse('# head\r\n\r\n1  qid:1\t1:1 2:2  \r\n0 qid:1 1:3 2:4')
    expect(odd).toEqual(plain)
  })
  test('gives the same data however the bytes are cut', async () => {
    const bytes = Buffer.from(letorText(3))
    const whole = await parseSvmlightChunks([bytes], 'x')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length }), { maxLength: 12 }), async (cuts) => {
        const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b)
        const chunks = ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end))
        expect(await parseSvmlightChunks(chunks, 'x')).toEqual(whole)
      }),
      { numRuns: 30 },
    )
  })
  test('reads numbers as Number() does', async () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }),
      fc.integer(),
      fc.constantFrom(0.1, 1e-7, 123456.789),
    )
    await fc.assert(
      fc.asyncProperty(number, async (value) => {
        const { features } = await parse(`0 qid:1 1:${value}\n`)
        expect(features[0]).toBe(Math.fround(Number(String(value))))
      }),
      { numRuns: 200 },
    )
  })
  test.each([
    ['x qid:1 1:1', 'file.txt, line 2: the label is "x"; expected a finite number'],
    ['-1 qid:1 1:1', 'file.txt, line 2: the label is -1; expected 0 or more'],
    ['1 1:1', 'file.txt, line 2: "1" stands where qid:<query> was expected'],
    ['1 qid: 1:1', 'file.txt, line 2: the query id is empty; expected qid:<query>'],
    ['1 qid:1 0:1', 'file.txt, line 2: feature 0; features are numbered from 1'],
    ['1 qid:1 2:1 2:1', 'file.txt, line 2: feature 2 is given twice'],
    ['1 qid:1 2:1 1:1 2:1', 'file.txt, line 2: feature 2 is given twice'],
    ['1 qid:1 1:nan', 'file.txt, line 2: feature 1 is "nan"; expected a finite number'],
    ['1 qid:1 1:1e999', 'file.txt, line 2: feature 1 is "1e999"; expected a finite number'],
    ['1 qid:1 1:', 'file.txt, line 2: feature 1 is ""; expected a finite number'],
    ['1 qid:1 a:1', 'file.txt, line 2: "a:1" is not <feature>:<value>'],
    ['1 qid:1 4:1', 'file.txt, line 2: feature 4; expected at most 3'],
    ['1 qid:1 99999999999:1', 'file.txt, line 2: feature 99999999999; expected at most 3'],
    ['1 qid:1 1:1e39', 'file.txt, line 2: feature 1 is "1e39"; expected a finite number (stored as a 32-bit float)'],
    ['1 qid:1 1:0x10', 'file.txt, line 2: feature 1 is "0x10"; expected a finite number'],
    ['1 qid:1 1:2:3', 'file.txt, line 2: feature 1 is "2:3"; expected a finite number'],
    ['1 qid:1 1:1.2.3', 'file.txt, line 2: feature 1 is "1.2.3"; expected a finite number'],
    ['1e39 qid:1 1:1', 'file.txt, line 2: the label is "1e39"; expected a finite number'],
  ])('refuses %j with file, line and what was expected', async (line, message) => {
    await expect(parse(`0 qid:1 1:1\n${line}\n`, 3)).rejects.toThrow(message)
  })
  test('refuses a query that comes back after another one, naming both lines', async () => {
    await expect(parse('0 qid:1 1:1\n0 qid:2 1:1\n0 qid:1 1:1\n')).rejects.toThrow(
      /file\.txt, line 3: query 1 comes back after another one \(it began on line 1\)/,
    )
  })
  test('refuses a feature number that dense columns could never hold, also when the width is not known', async () => {
    await expect(parse('0 qid:1 99999999999:1\n')).rejects.toThrow(
      'file.txt, line 1: feature 99999999999; expected at most 65536',
    )
  })
  test('refuses a file without line breaks instead of gathering it whole', async () => {
    const chunks = Array.from({ length: 20 }, () => new Uint8Array(2 ** 20).fill(48))
    await expect(parseSvmlightChunks(chunks, 'zeros')).rejects.toThrow(/zeros, line 1: no line break in 16777216 bytes/)
  })
  test('finds the width of a sparse file bit by bit, later lines included', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `0 qid:1 ${i + 1}:${i + 0.5}`)
    const { width, features } = await parse(`${lines.join('\n')}\n`)
    expect(width).toBe(40)
    features.forEach((value, at) => {
      expect(value).toBe(at % 41 === 0 ? at / 41 + 0.5 : 0)
    })
  })
  test('takes a label of -0 as 0', async () => {
    expect(Object.is((await parse('-0 qid:1 1:1\n')).labels[0], 0)).toBe(true)
  })
  test('refuses a file without documents', async () => {
    await expect(parse('')).rejects.toThrow(/no documents; expected lines of <label> qid/)
  })
  test('reads gzip by its content, and says when it is cut short or damaged', async () => {
    const text = letorText(1)
    const path = join(folder, 'data')
    writeFileSync(path, gzipSync(text))
    expect(await readSvmlight(path)).toEqual(await parse(text))
    truncateSync(path, 200)
    await expect(readSvmlight(path)).rejects.toThrow(/data: the gzip stream is truncated/)
    writeFileSync(path, Buffer.concat([gzipSync(text).subarray(0, 60), Buffer.alloc(200, 7)]))
    await expect(readSvmlight(path)).rejects.toThrow(/the gzip stream is damaged/)
    await expect(readSvmlight(join(folder, 'none'))).rejects.toThrow(/no such file/)
  })
  test('says after which line a long gzip stream ends', async () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `0 qid:${i} 1:${i % 97} 2:${(i * 7919) % 1009}\n`).join('')
    const packed = gzipSync(text)
    const path = join(folder, 'long.gz')
    writeFileSync(path, packed.subarray(0, Math.floor(packed.length * 0.9)))
    await expect(readSvmlight(path)).rejects.toThrow(/long\.gz: the gzip stream is truncated \(after line \d{3,}\)/)
  })
})
