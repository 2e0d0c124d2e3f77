import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Fold, RankingDataset } from '../../core/dataset.ts'
import { datasets } from '../registry.ts'
import { catalogue, rotation } from './catalogue.ts'
import { datasetFolder } from './find.ts'
import { findLayout, partsIn } from './layout.ts'
import { turnsOf } from './rotation.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-layout-'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
})

/** Five parts of three lists each; queries 100.. in S1, 200.. in S2. */
const parts = [1, 2, 3, 4, 5].map((part) =>
  Array.from(
    { length: 9 },
    (_, i) => `${(i * part) % 3} qid:${part}0${Math.floor(i / 3)} 1:${i / part} 2:${part} #docid = D${part}${i}\n`,
  ).join(''),
)
const joined = (indices: readonly number[]) => indices.map((i) => parts[i]).join('')

function put(...path: string[]): (content: string | Uint8Array) => void {
  const target = join(folder, ...path)
  mkdirSync(join(target, '..'), { recursive: true })
  return (content) => writeFileSync(target, content)
}

function putParts(inside: string): string {
  for (const [i, text] of parts.entries()) put(inside, `S${i + 1}.txt`)(text)
  return join(folder, inside)
}

function putFolds(inside: string): string {
  for (const [f, fold] of rotation.entries()) {
    put(inside, `Fold${f + 1}`, 'train.txt')(joined(fold.train))
    put(inside, `Fold${f + 1}`, 'vali.txt')(joined(fold.validation).replaceAll('\n', '\r\n'))
    put(inside, `Fold${f + 1}`, 'test.txt.gz')(gzipSync(joined(fold.test)))
  }
  return join(folder, inside)
}

const context = { root: undefined, seed: 1 }
const byPath = datasets.get('letor') as RankingDataset
const load = (path: string, fold: string): Promise<Fold> => byPath.load(fold, { path }, context)

describe('layouts', () => {
  test('S1..S5 and Fold1..Fold5 give the same parts and the same five folds', async () => {
    const [flat, folds] = [putParts('flat'), putFolds('folds')]
    const texts = (path: string) =>
      partsIn(findLayout(path))!.map((file) =>
        (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString(),
      )
    expect(texts(flat)).toEqual(parts)
    expect(texts(folds)).toEqual(parts)
    expect(byPath.folds({ path: folds })).toEqual(byPath.folds({ path: flat }))
    for (const { name } of rotation) expect(await load(folds, name)).toEqual(await load(flat, name))
    expect((await load(flat, 'fold2')).test.queries).toEqual(['100', '101', '102'])
    expect((await load(flat, 'fold2')).train.queries[0]).toBe('200')
  })
  test('are found in any case, packed, and in the folders that archives put around them', () => {
    for (const [i, text] of parts.entries()) put('OHSUMED', 'QueryLevelNorm', `s${i + 1}.TXT.gz`)(gzipSync(text))
    expect(partsIn(findLayout(join(folder, 'OHSUMED')))).toHaveLength(5)
    expect(partsIn(findLayout(folder))).toHaveLength(5)
    const ohsumed = catalogue.find((entry) => entry.name === 'letor:ohsumed')!
    expect(datasetFolder(ohsumed, folder)).toBe(join(folder, 'OHSUMED'))
    expect(datasetFolder(ohsumed, join(folder, 'OHSUMED'))).toBe(join(folder, 'OHSUMED'))
    expect(datasetFolder(ohsumed, join(folder, 'elsewhere'))).toBeUndefined()
  })
  test('the rotation of five parts is the table of LETOR', () => {
    expect(turnsOf(5)).toEqual(rotation)
  })
  test('a missing file of one fold is named', () => {
    put('half', 'Fold1', 'train.txt')('')
    expect(() => findLayout(join(folder, 'half'))).toThrow(/Fold1 lacks a train or a test file; it holds train\.txt/)
  })
  test('a fold that is missing among others is named, as the mean over the others is not the published one', () => {
    for (const fold of ['Fold1', 'Fold3', 'Fold4']) {
      for (const part of ['train', 'vali', 'test']) put('gap', fold, `${part}.txt`)(parts[0])
    }
    const told = expect.objectContaining({
      message: expect.stringMatching(/gap holds Fold1, Fold3, Fold4, but no Fold2$/),
      hint: expect.stringMatching(/name one fold: letor\[path=.*Fold1\]/),
    })
    expect(() => findLayout(join(folder, 'gap'))).toThrow(told)
  })
  test('a sixth part is not left out in silence', () => {
    putParts('six')
    put('six', 'S6.txt')(parts[0])
    expect(() => findLayout(join(folder, 'six'))).toThrow(/holds S1, S2, S3, S4, S5, S6; expected S1 to S5/)
  })
  test('files of several sets in one folder are told apart by their name, as Yahoo ships them', () => {
    for (const set of ['set1', 'set2'])
      for (const part of ['train', 'valid', 'test']) put('yahoo', `${set}.${part}.txt`)(parts[0])
    const yahoo = join(folder, 'yahoo')
    expect(() => findLayout(yahoo)).toThrow(/holds several data sets: set1, set2/)
    expect(findLayout(join(yahoo, 'set2'))).toEqual({
      kind: 'folds',
      folds: [
        {
          name: 'fold1',
          train: join(yahoo, 'set2.train.txt'),
          validation: join(yahoo, 'set2.valid.txt'),
          test: join(yahoo, 'set2.test.txt'),
        },
      ],
    })
  })
  test.each([
    ['rank.train', 'rank.vali', 'rank.test'],
    ['train.svm', 'dev.svm', 'test.svm'],
    ['train.libsvm.gz', 'valid.libsvm.gz', 'test.libsvm.gz'],
    ['sample/train.txt', 'sample/vali.txt', 'sample/test.txt'],
    ['mq2008.train', 'mq2008.vali', 'mq2008.test'],
    ['train.dat', 'vali.dat', 'test.dat.bz2'],
    ['trainingset.txt', 'validationset.txt', 'testset.txt'],
  ])('%s, %s and %s are one fold', (train, validation, test) => {
    for (const name of [train, validation, test]) put('names', name)(parts[0])
    const paths = { train, validation, test }
    const found = Object.entries(paths).map(([part, name]) => [part, join(folder, 'names', name)])
    expect(findLayout(join(folder, 'names'))).toEqual({
      kind: 'folds',
      folds: [{ name: 'fold1', ...Object.fromEntries(found) }],
    })
  })
  test('two train files that could both be meant are refused', () => {
    for (const name of ['train.txt', 'train.dat', 'test.txt']) put('two', name)(parts[0])
    expect(() => findLayout(join(folder, 'two'))).toThrow(/holds train\.dat and train\.txt; expected one train file/)
  })
})

describe('a data set by path', () => {
  test('of train, vali and test files is one fold, all at the width of the widest', async () => {
    put('sparse', 'train.txt')('0 qid:1 1:1 3:1\n')
    put('sparse', 'vali.txt')('0 qid:2 1:1\n')
    put('sparse', 'test.txt')('1 qid:3 2:5\n')
    const path = join(folder, 'sparse')
    expect(byPath.folds({ path })).toEqual(['fold1'])
    const { train, validation, test: held } = await load(path, 'fold1')
    expect([train, validation, held].map((part) => part.width)).toEqual([3, 3, 3])
    expect(Array.from(held.features)).toEqual([0, 5, 0])
  })
  test('of train and test files alone validates on the last fifth of the training lists, and says so', async () => {
    put('split', 'train.txt')(parts.slice(0, 2).join(''))
    put('split', 'test.txt')(parts[2])
    const path = join(folder, 'split')
    const fold = await load(path, 'fold1')
    expect([fold.train, fold.validation].map(({ queries }) => queries.length)).toEqual([5, 1])
    expect(fold.validation.queries).toEqual(['202'])
    expect(await byPath.notes!({ path }, context)).toEqual([
      expect.stringMatching(/^fold1: no validation file; the last fifth of the lists of .*train\.txt validates$/),
    ])
  })
  test('whose train and test files are one text says so', async () => {
    for (const name of ['train.txt', 'vali.txt', 'test.txt'])
      put('same', name)(name === 'vali.txt' ? parts[1] : parts[0])
    expect(await byPath.notes!({ path: join(folder, 'same') }, context)).toEqual([
      expect.stringMatching(/hold the same text: what is tested was trained on$/),
    ])
  })
  test('numbers features from 0 where it is said to', async () => {
    put('zero.txt')(parts.join('').replaceAll(' 1:', ' 0:').replaceAll(' 2:', ' 1:'))
    put('one.txt')(parts.join(''))
    const fold = await byPath.load('fold1', { path: join(folder, 'zero.txt'), 'zero-based': true }, context)
    expect(fold).toEqual(await load(join(folder, 'one.txt'), 'fold1'))
    await expect(load(join(folder, 'zero.txt'), 'fold1')).rejects.toThrow(/line 1: feature 0; .* zero-based/)
  })
  test('of one file is cut into five runs of lists, none of which is in two parts of a fold', async () => {
    put('all.txt')(parts.join(''))
    const path = join(folder, 'all.txt')
    const flat = putParts('flat')
    for (const name of byPath.folds({ path })) expect(await load(path, name)).toEqual(await load(flat, name))
    expect(await byPath.digest({ path }, context)).not.toBe(await byPath.digest({ path: flat }, context))
  })
  test('of one file with too few lists is refused', async () => {
    put('few.txt')(parts[0])
    await expect(load(join(folder, 'few.txt'), 'fold1')).rejects.toThrow(/holds 3 lists; expected at least 5/)
  })
  test('says what was looked for when there is nothing, and which folds there are', async () => {
    mkdirSync(join(folder, 'empty'))
    const looked = /no S1\.\.S5, no Fold1\.\.Fold5 and no train and test files, and is not a file/
    expect(() => byPath.folds({ path: join(folder, 'empty') })).toThrow(looked)
    expect(() => byPath.folds({ path: '' })).toThrow(/letor needs a path/)
    await expect(load(putParts('flat'), 'fold7')).rejects.toThrow(/has no fold "fold7"; it has: fold1, fold2/)
  })
  test('has a digest that changes with any of its files', async () => {
    const path = putFolds('folds')
    const before = await byPath.digest({ path }, context)
    expect(await byPath.digest({ path }, context)).toBe(before)
    put('folds', 'Fold3', 'train.txt')(`${parts[0]}# changed\n`)
    expect(await byPath.digest({ path }, context)).not.toBe(before)
  })
})

describe('a catalogued data set', () => {
  const mq2008 = datasets.get('letor:mq2008') as RankingDataset
  const at = (root: string | undefined) => ({ root, seed: 1 })

  test('that is absent names licence, place, how to check it, and how to do without', async () => {
    const licence = /letor:mq2008 is not on this machine: .* has no folder mq2008 .*; licence: Microsoft Research/
    const hint = /mq2008 and rank-bench data verify letor:mq2008; without it: -d synthetic-letor$/
    const told = expect.objectContaining({
      kind: 'absent',
      message: expect.stringMatching(licence),
      hint: expect.stringMatching(hint),
    })
    await expect(mq2008.digest({}, at(folder))).rejects.toEqual(told)
    await expect(mq2008.load('fold1', {}, at(undefined))).rejects.toThrow(/no data root is set/)
  })
  test('that holds other text is damaged, not absent, and names the part', async () => {
    putParts('MQ2008')
    const told = expect.objectContaining({
      kind: 'data',
      message: expect.stringMatching(/S1\.txt is not S1 of letor:mq2008: SHA-256 [0-9a-f]{12}…, expected cbd42504549a/),
      hint: 'rank-bench data verify letor:mq2008',
    })
    await expect(mq2008.digest({}, at(folder))).rejects.toEqual(told)
  })
  test('has no sixth fold', async () => {
    await expect(mq2008.load('fold6', {}, at(folder))).rejects.toThrow(/letor:mq2008 has no fold "fold6"/)
  })
})
