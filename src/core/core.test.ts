import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cell, cellKey } from './cell.ts'
import { editDistance } from './edit-distance.ts'
import { subjectRef } from './method-ref.ts'
import { resolveParams } from './params.ts'
import { randomStream } from './random.ts'
import { itemCount, maskedShape, raggedShape, regularShape, requireFinite, rowCount } from './shape.ts'
import { suggest } from './suggest.ts'

describe('random streams', () => {
  test('are the same for the same seed and name, and different otherwise', () => {
    const draw = (seed: number, name: string) => Array.from({ length: 4 }, randomStream(seed, name).uniform)
    expect(draw(1, 'a')).toEqual(draw(1, 'a'))
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'))
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'))
  })
  test('have the moments of their distributions', () => {
    const random = randomStream(3, 'moments')
    const normals = Array.from({ length: 20_000 }, random.normal)
    const mean = normals.reduce((a, b) => a + b) / normals.length
    const variance = normals.reduce((a, b) => a + (b - mean) ** 2, 0) / normals.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(Math.abs(variance - 1)).toBeLessThan(0.04)
    const counts = new Array(5).fill(0)
    for (let i = 0; i < 10_000; i++) counts[random.integer(5)]++
    expect(Math.min(...counts)).toBeGreaterThan(1850)
  })
  test('shuffle every item to every place', () => {
    const random = randomStream(5, 'shuffle')
    const first = new Set(Array.from({ length: 100 }, () => random.shuffle([1, 2, 3, 4])[0]))
    expect(first.size).toBe(4)
  })
})

describe('shapes', () => {
  test('count rows and items of regular and ragged batches, empty ones included', () => {
    expect(rowCount(regularShape(3, 4))).toBe(3)
    expect(itemCount(regularShape(3, 4))).toBe(12)
    expect(Array.from(raggedShape([2, 0, 3]).offsets)).toEqual([0, 2, 2, 5])
    expect(rowCount(raggedShape([]))).toBe(0)
  })
  test('turn a mask into offsets, so that no padded item is ever seen', () => {
    const { shape, kept } = maskedShape([1, 0, 1, 0, 0, 0], 2, 3)
    expect(Array.from(shape.offsets)).toEqual([0, 2, 2])
    expect(Array.from(kept)).toEqual([0, 2])
  })
  test('name row and index of a value that is not finite', () => {
    expect(() => requireFinite([1, 2, 3, Number.NaN], raggedShape([2, 2]), 'values')).toThrow(
      'values: row 1, index 1 is NaN',
    )
    expect(() => requireFinite([1, Number.NEGATIVE_INFINITY], regularShape(1, 2), 'x')).toThrow(
      /row 0, index 1 is -Infinity/,
    )
  })
})

describe('suggestions', () => {
  test('find the nearest names and drop the far ones', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3)
    expect(suggest('sofsort', ['softsort', 'neuralsort', 'softrank'])[0]).toBe('softsort')
    expect(suggest('zzz', ['softsort'])).toEqual([])
  })
  test('are symmetric in distance', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => editDistance(a, b) === editDistance(b, a)),
      { numRuns: 50 },
    )
  })
})

describe('parameters', () => {
  const space = {
    n: { kind: 'number', default: 5, integer: true, min: 1, max: 9, meaning: 'length' },
    open: { kind: 'number', default: 1, min: 0, exclusiveMin: true, meaning: 'open' },
    on: { kind: 'flag', default: false, meaning: 'flag' },
  } as const
  test('are parsed, checked and completed in declared order', () => {
    expect(Object.entries(resolveParams(space, { on: 'true', n: '3' }, 'x'))).toEqual([
      ['n', 3],
      ['open', 1],
      ['on', true],
    ])
  })
  test.each([
    ['n', '0'],
    ['n', '10'],
    ['n', '2.5'],
    ['n', ''],
    ['n', 'Infinity'],
    ['open', '0'],
    ['on', 'yes'],
  ])('refuse %s=%s, naming the range', (name, value) => {
    expect(() => resolveParams(space, { [name]: value }, 'x')).toThrow(new RegExp(`x: ${name} is "${value}"; expected`))
  })
})

describe('cell keys', () => {
  const cell: Cell = {
    experiment: { name: 'letor', params: { scorer: 'linear' } },
    version: 1,
    system: 'rank-bench',
    method: subjectRef({ name: 'loss:listnet', params: {} }),
    dataset: { name: 'synthetic-letor', params: { queries: 20 } },
    dataDigest: 'abc',
    split: 'fold1',
    seed: 1,
    precision: 'f64',
    protocol: '',
  }
  test('are equal for equal content and change with every part of it', () => {
    expect(cellKey({ ...cell })).toBe(cellKey(cell))
    const others: Cell[] = [
      { ...cell, version: 2 },
      { ...cell, seed: 2 },
      { ...cell, split: 'fold2' },
      { ...cell, dataDigest: 'abd' },
      { ...cell, precision: 'f32' },
      { ...cell, protocol: 'rounds=3' },
      { ...cell, system: 'torchsort' },
      { ...cell, experiment: { name: 'letor', params: { scorer: 'mlp' } } },
      { ...cell, dataset: { name: 'synthetic-letor', params: { queries: 21 } } },
    ]
    expect(new Set([cell, ...others].map(cellKey)).size).toBe(others.length + 1)
  })
})
