import { expect, test } from 'vitest'
import { integers, precisionList, selectors } from './arguments.ts'
import { countUpTo, integer, number } from './numbers.ts'

test('numbers are whole, written in digits, and held exactly', () => {
  expect([integer('0'), integer('9007199254740991')]).toEqual([0, 9007199254740991])
  for (const text of ['', ' ', '-1', '1.5', '1e3', '0x10', '9007199254740992', 'banana'])
    expect(() => integer(text), text).toThrow(/expected a whole number from 0 to 2\^53 - 1/)
  const count = countUpTo(64)
  expect([count('1'), count('64')]).toEqual([1, 64])
  expect(() => count('0')).toThrow(/expected 1 or more/)
  expect(() => count('65')).toThrow(/expected 1 to 64/)
})

test('decimals are read one way: no hexadecimals, nothing infinite, nothing that would vanish', () => {
  expect([number('4'), number('.5'), number('1e-3')]).toEqual([4, 0.5, 0.001])
  for (const text of ['', '0x10', 'Infinity', '1e999', '1e-999', '4GB', '1 2'])
    expect(() => number(text), text).toThrow(/expected a number/)
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
