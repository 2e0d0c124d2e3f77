import { expect, test } from 'vitest'
import { count, integer, integers, precisionList, selectors } from './arguments.ts'

test('numbers are whole, written in digits, and held exactly', () => {
  expect([integer('0'), integer('9007199254740991')]).toEqual([0, 9007199254740991])
  for (const text of ['', ' ', '-1', '1.5', '1e3', '0x10', '9007199254740992', 'banana'])
    expect(() => integer(text), text).toThrow(/expected a whole number from 0 to 2\^53 - 1/)
  expect(count('1')).toBe(1)
  expect(() => count('0')).toThrow(/expected 1 or more/)
})

test('lists have no empty entry and no entry twice', () => {
  expect(integers('1, 2,3')).toEqual([1, 2, 3])
  for (const text of ['', ',', '1,,2', '1,']) expect(() => integers(text), text).toThrow(/empty entry/)
  for (const text of ['1,1', '1,01']) expect(() => integers(text), text).toThrow(/twice|each number once/)
})

test('precisions are f32 and f64', () => {
  expect(precisionList('f64,f32')).toEqual(['f64', 'f32'])
  expect(() => precisionList('banana')).toThrow(/read "banana"; expected f32, f64/)
  expect(() => precisionList('f32,f32')).toThrow(/twice/)
})

test('a selector is not blank', () => {
  expect(selectors(' rank:sigmoid ', ['sort:*'])).toEqual(['sort:*', 'rank:sigmoid'])
  expect(() => selectors('  ')).toThrow(/expected a selector/)
})
