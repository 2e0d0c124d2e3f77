import { expect, test } from 'vitest'
import { suitesFor } from './needs.ts'

test('a claim of an operator needs its cells alone', () => {
  const { found, suites } = suitesFor('neuralsort-knn', ['neuralsort-knn#8'])
  expect(found).toEqual(['neuralsort-knn#8'])
  expect(suites.map(({ methods }) => methods?.length)).toEqual([1])
  expect(suites[0].methods![0]).toMatch(/^topk:neuralsort\[k=3,/)
})
test('a claim of a ranker that stands beside the operators of a suite needs the suite', () => {
  const { suites } = suitesFor('neuralsort-knn', ['neuralsort-knn#1'])
  expect(suites.length).toBeGreaterThan(0)
  expect(suites.every(({ datasets, methods }) => datasets.length === 1 && methods!.length > 0)).toBe(true)
})
