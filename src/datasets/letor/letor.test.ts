import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { RankingData } from '../../core/dataset.ts'
import { datasets } from '../registry.ts'
import { generate } from '../synthetic-letor.ts'
import { loadFile } from './cache.ts'
import { catalogue, rotation } from './catalogue.ts'
import { findFolds, findParts } from './layout.ts'
import { parseSvmlightChunks, readSvmlight } from './svmlight.ts'

const parse = (text: string, width?: number): Promise<RankingData> =>
  parseSvmlightChunks([Buffer.from(text)], 'file.txt', width === undefined ? {} : { width })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-letor-'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
})

/** LETOR text of a data set, as the publisher writes it. */
function letorText(data: RankingData): string {
  const lines: string[] = []
  data.queries.forEach((query, q) => {
    for (let i = data.offsets[q]; i < data.offsets[q + 1]; i++) {
      const features = Array.from({ length: data.width }, (_, j) => `${j + 1}:${data.features[i * data.width + j]}`)
      lines.push(`${data.labels[i]} qid:${query} ${features.join(' ')} #docid = ${data.documents![i]}`)
    }
  })
  return `${lines.join('\n')}\n`
}

const small = (seed: number) => generate({ queries: 6, features: 5, grades: 3, blank: 0.2, noise: 0.5, seed })

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
    const bytes = Buffer.from(letorText(small(3)))
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
    ['1 qid:1 2:1 1:1', 'file.txt, line 2: feature 1 comes after feature 2; expected increasing numbers'],
    ['1 qid:1 1:nan', 'file.txt, line 2: feature 1 is "nan"; expected a finite number'],
    ['1 qid:1 1:1e999', 'file.txt, line 2: feature 1 is "1e999"; expected a finite number'],
    ['1 qid:1 1:', 'file.txt, line 2: feature 1 is ""; expected a finite number'],
    ['1 qid:1 a:1', 'file.txt, line 2: "a" is not <feature>:<value>'],
    ['1 qid:1 4:1', 'file.txt, line 2: feature 4; expected at most 3'],
  ])('refuses %j with file, line and what was expected', async (line, message) => {
    await expect(parse(`0 qid:1 1:1\n${line}\n`, 3)).rejects.toThrow(message)
  })
  test('refuses a query that comes back after another one, naming both lines', async () => {
    await expect(parse('0 qid:1 1:1\n0 qid:2 1:1\n0 qid:1 1:1\n')).rejects.toThrow(
      /file\.txt, line 3: query 1 comes back after another one \(it began on line 1\)/,
    )
  })
  test('refuses a file without documents', async () => {
    await expect(parse('')).rejects.toThrow(/no documents; expected lines of <label> qid/)
  })
  test('reads gzip by its content, and says when it is cut short or damaged', async () => {
    const text = letorText(small(1))
    const path = join(folder, 'data')
    writeFileSync(path, gzipSync(text))
    expect(await readSvmlight(path)).toEqual(await parse(text))
    truncateSync(path, 200)
    await expect(readSvmlight(path)).rejects.toThrow(/the gzip stream is truncated/)
    writeFileSync(path, Buffer.concat([gzipSync(text).subarray(0, 60), Buffer.alloc(200, 7)]))
    await expect(readSvmlight(path)).rejects.toThrow(/cannot be read/)
    await expect(readSvmlight(join(folder, 'none'))).rejects.toThrow(/no such file/)
  })
})

describe('the cache', () => {
  const files = (path: string) =>
    readdirSync(path, { recursive: true }).filter((name) => String(name).endsWith('.arrow'))

  test('gives back what was parsed, from beside the data', async () => {
    const path = join(folder, 'S1.txt')
    writeFileSync(path, letorText(small(1)))
    const parsed = await loadFile(path)
    expect(files(folder)).toHaveLength(1)
    const cached = await loadFile(path)
    expect(cached).toEqual(parsed)
    expect(cached.data.features).toBeInstanceOf(Float32Array)
    expect(cached.data.documents![0]).toBe('d0000000')
  })
  test('is made anew when the file changes, and when the cache is damaged', async () => {
    const path = join(folder, 'S1.txt')
    writeFileSync(path, letorText(small(1)))
    const first = await loadFile(path)
    writeFileSync(path, `${letorText(small(2))}\n\n`)
    expect((await loadFile(path)).sha256).not.toBe(first.sha256)
    for (const name of files(folder)) writeFileSync(join(folder, String(name)), 'not arrow')
    expect((await loadFile(path)).data.labels.length).toBe(small(2).labels.length)
  })
  test('has one digest for plain, gzip, LF and CRLF copies', async () => {
    const text = letorText(small(1))
    const copies = {
      a: text,
      b: text.replaceAll('\n', '\r\n'),
      c: gzipSync(text),
      d: gzipSync(text.replaceAll('\n', '\r\n')),
    }
    const digests = await Promise.all(
      Object.entries(copies).map(async ([name, content]) => {
        writeFileSync(join(folder, name), content)
        return (await loadFile(join(folder, name))).sha256
      }),
    )
    expect(new Set(digests).size).toBe(1)
  })
  test('costs nothing but a parse where nothing can be written', async () => {
    const path = join(folder, 'S1.txt')
    writeFileSync(path, letorText(small(1)))
    // A file where the cache folder should be: no cache can be made, whoever runs the test.
    writeFileSync(join(folder, '.rank-bench'), '')
    expect((await loadFile(path)).data.labels.length).toBe(small(1).labels.length)
    expect(files(folder)).toHaveLength(0)
  })
})

describe('layouts', () => {
  const parts = [1, 2, 3, 4, 5].map((seed) => letorText(small(seed)).replaceAll('qid:', `qid:${seed}00`))
  const join_ = (indices: readonly number[]) => indices.map((i) => parts[i]).join('')

  test('S1..S5 and Fold1..Fold5 give the same parts and folds', async () => {
    const [flat, folds] = [join(folder, 'flat'), join(folder, 'folds')]
    mkdirSync(flat)
    for (const [i, text] of parts.entries()) writeFileSync(join(flat, `S${i + 1}.txt`), text)
    rotation.forEach((fold, f) => {
      const inside = join(folds, `Fold${f + 1}`)
      mkdirSync(inside, { recursive: true })
      writeFileSync(join(inside, 'train.txt'), join_(fold.train))
      writeFileSync(join(inside, 'vali.txt'), join_(fold.validation))
      writeFileSync(join(inside, 'test.txt.gz'), gzipSync(join_(fold.test)))
    })
    const texts = (paths: string[]) =>
      paths.map((path) => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString())
    expect(texts(findParts(flat)!)).toEqual(parts)
    expect(texts(findParts(folds)!)).toEqual(parts)
    const byPath = datasets.get('letor')!
    if (byPath.kind !== 'ranking') throw new Error(byPath.kind)
    const load = (path: string) => byPath.load('fold2', { path }, { root: undefined, seed: 1 })
    expect(await load(folds)).toEqual(await load(flat))
    expect((await load(flat)).test.queries[0]).toBe('1001')
  })
  test('a folder of train, vali and test is one fold; a folder of nothing is an error that says what was looked for', async () => {
    for (const name of ['train', 'vali', 'test']) writeFileSync(join(folder, `${name}.txt`), parts[0])
    expect(findFolds(folder)!.map((fold) => fold.name)).toEqual(['fold1'])
    const byPath = datasets.get('letor')!
    if (byPath.kind !== 'ranking') throw new Error(byPath.kind)
    mkdirSync(join(folder, 'empty'))
    expect(() => byPath.folds({ path: join(folder, 'empty') })).toThrow(
      /no S1\.\.S5, no Fold1\.\.Fold5 and no train, vali and test/,
    )
  })
  test('a wrong part of a known data set is named, and an absent one says how to get it and how to do without', async () => {
    const mq2008 = datasets.get('letor:mq2008')!
    await expect(mq2008.digest({}, { root: folder, seed: 1 })).rejects.toThrow(/letor:mq2008 is not on this machine/)
    mkdirSync(join(folder, 'MQ2008'))
    // The right width, another text.
    const wide = (text: string) => text.replace(/ #/g, ' 46:0 #')
    for (const [i, text] of parts.entries()) writeFileSync(join(folder, 'MQ2008', `S${i + 1}.txt`), wide(text))
    await expect(mq2008.digest({}, { root: folder, seed: 1 })).rejects.toThrow(/is not S1 of letor:mq2008: SHA-256/)
  })
})

const root = process.env.RANK_BENCH_DATA
const absent = catalogue.filter((entry) => root === undefined || findParts(join(root, entry.folder)) === undefined)
for (const entry of absent)
  console.log(`skipped: ${entry.name} is not under RANK_BENCH_DATA: its counts and folds are not checked`)

describe.each(catalogue.filter((entry) => !absent.includes(entry)))('$name', (entry) => {
  test('has the published counts in every part and fold', async () => {
    // Worked on in a copy: the data folder is not ours to write to.
    cpSync(join(root!, entry.folder), join(folder, entry.folder), { recursive: true })
    const dataset = datasets.get(entry.name)!
    if (dataset.kind !== 'ranking') throw new Error(dataset.kind)
    const context = { root: folder, seed: 1 }
    const total = entry.parts.reduce((sum, part) => sum + part.documents, 0)
    for (const fold of rotation) {
      const { train, validation, test: held } = await dataset.load(fold.name, {}, context)
      const documents = (indices: readonly number[]) => indices.reduce((sum, i) => sum + entry.parts[i].documents, 0)
      expect(train.labels.length).toBe(documents(fold.train))
      expect(validation.labels.length).toBe(documents(fold.validation))
      expect(held.queries.length).toBe(entry.parts[fold.test[0]].queries)
      expect(train.labels.length + validation.labels.length + held.labels.length).toBe(total)
      expect(held.documents).toHaveLength(held.labels.length)
    }
  })
})
