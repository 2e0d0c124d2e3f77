import { expect, test } from 'vitest'
import { spread } from './spread.ts'

const gaps = (places: readonly number[]): number[] => {
  const sorted = [...places].sort((a, b) => a - b)
  return sorted.slice(1).map((place, i) => place - sorted[i])
}

test('labels that are apart stay where they belong', () => {
  expect(spread([30, 10, 20], 5, 0, 100)).toEqual([30, 10, 20])
})
test('labels of one place stand around it', () => {
  expect(spread([50, 50, 50], 10, 0, 100)).toEqual([40, 50, 60])
})
test('order is kept, and no two are closer than the gap', () => {
  const wanted = [12, 11, 10.5, 40, 41, 90, 90]
  const places = spread(wanted, 8, 0, 100)
  expect(Math.min(...gaps(places))).toBeGreaterThanOrEqual(8 - 1e-9)
  expect(places.map((_, i) => i).sort((i, j) => places[i] - places[j])).toEqual([2, 1, 0, 3, 4, 5, 6])
})
test('none stands outside', () => {
  const places = spread([0, 0, 0, 100], 10, 0, 100)
  expect(places).toEqual([0, 10, 20, 100])
})
test('too many of them move closer together', () => {
  const places = spread([5, 5, 5, 5, 5], 10, 0, 20)
  expect(places).toEqual([0, 5, 10, 15, 20])
})
