import { describe, expect, test } from 'vitest'
import type { ParamSpace } from './params.ts'
import { expandSelectors, formatRef, labelRef, parseSelector, resolveOne, splitSelectors } from './selector.ts'

const number = (value: number) => ({ kind: 'number', default: value, min: 0, meaning: 'test' }) as const
const spaces: ReadonlyMap<string, ParamSpace> = new Map<string, ParamSpace>([
  [
    'sort:permutahedron',
    { strength: number(1), regularization: { kind: 'choice', choices: ['l2', 'kl'], default: 'l2', meaning: 'test' } },
  ],
  ['rank:permutahedron', { strength: number(1) }],
  ['rank:sigmoid', { strength: number(1) }],
  ['sort:neuralsort', { tau: number(1) }],
  ['loss:spearman', { rank: { kind: 'text', default: 'permutahedron', meaning: 'test' } }],
])

const expand = (...texts: string[]) => expandSelectors(texts.map(parseSelector), spaces, 'method').map(formatRef)

describe('selectors', () => {
  test('name one operator, with defaults filled in declared order', () => {
    expect(expand('rank:sigmoid')).toEqual(['rank:sigmoid[strength=1]'])
    expect(expand('sort:permutahedron[regularization=kl]')).toEqual([
      'sort:permutahedron[strength=1,regularization=kl]',
    ])
  })
  test('span a grid with |, and double from a to b with ..', () => {
    expect(expand('rank:sigmoid[strength=0.1|1]')).toHaveLength(2)
    expect(expand('sort:neuralsort[tau=0.1..1]')).toEqual(
      ['0.1', '0.2', '0.4', '0.8'].map((tau) => `sort:neuralsort[tau=${tau}]`),
    )
  })
  test('glob, alternate operators, and reach a method under all its operators without a prefix', () => {
    expect(expand('rank:*')).toEqual(['rank:permutahedron[strength=1]', 'rank:sigmoid[strength=1]'])
    expect(expand('sort|rank:permutahedron[strength=2]')).toHaveLength(2)
    expect(expand('permutahedron')).toHaveLength(2)
  })
  test('skip names that lack a parameter when globbed, but refuse it when named', () => {
    expect(expand('sort:*[tau=2]')).toEqual(['sort:neuralsort[tau=2]'])
    expect(() => expand('rank:sigmoid[tau=2]')).toThrow(/rank:sigmoid has no parameter "tau"; it has: strength/)
  })
  test('exclude with !', () => {
    expect(expand('rank:*', '!rank:sigmoid')).toEqual(['rank:permutahedron[strength=1]'])
    expect(expand('rank:*[strength=1|2]', '!rank:*[strength=2]')).toHaveLength(2)
  })
  test('hold selectors inside values', () => {
    expect(expand('loss:spearman[rank=sigmoid[strength=2,x=1]]')).toEqual([
      'loss:spearman[rank=sigmoid[strength=2,x=1]]',
    ])
    expect(splitSelectors('rank:sigmoid[strength=1|2],!sort:*, loss:spearman[rank=a[b=1,c=2]]')).toHaveLength(3)
  })
  test('never repeat a point', () => {
    expect(expand('rank:sigmoid', 'rank:*')).toHaveLength(2)
  })
  test('offer the nearest name for an unknown one', () => {
    expect(() => expand('rank:sigmoyd')).toThrow(/no method matches "rank:sigmoyd"/)
    try {
      expand('rank:sigmoyd')
    } catch (error) {
      expect((error as { hint: string }).hint).toBe('did you mean rank:sigmoid?   all names: rank-bench list methods')
    }
  })
  test.each([
    '',
    'rank:',
    'a b',
    'x[',
    'x]',
    'x[a]',
    'x[=1]',
    'x[a=1',
    'x[a=1]y',
    'x[a=1,a=2]',
    'sort:neuralsort[tau=2..1]',
  ])('refuse %j', (text) => {
    expect(() => expand(text)).toThrow()
  })
  test('say the parameter, the value and the range when a value is out of range', () => {
    expect(() => expand('rank:sigmoid[strength=-1]')).toThrow(
      'rank:sigmoid: strength is "-1"; expected number >= 0 (test)',
    )
    expect(() => expand('rank:sigmoid[strength=NaN]')).toThrow(/expected number >= 0/)
    expect(() => expand('sort:permutahedron[regularization=l3]')).toThrow(/expected l2 \| kl/)
  })
  test('label what differs from the defaults, for people', () => {
    const ref = resolveOne('sort:permutahedron[regularization=kl]', spaces, 'method')
    expect(labelRef(ref, spaces.get(ref.name))).toBe('sort:permutahedron[regularization=kl]')
    expect(() => resolveOne('rank:*', spaces, 'method')).toThrow(/names 2 methods/)
  })
})
