/** rank-bench data scale through the real binary, on a small set. */

import { expect, test } from 'vitest'
import { rankBench } from './harness.ts'

test('shows every step with its rates, and refuses lists of numbers', () => {
  const { code, out } = rankBench(['data', 'scale', 'synthetic-letor[queries=60]', '--text-mb', '1', '--format', 'csv'])
  const steps = out
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',')[0])
  expect(steps).toEqual(
    expect.arrayContaining(['load or generate', 'read text', 'open columnar cache', 'score', 'evaluate']),
  )
  expect(code).toBe(0)
  const wrong = rankBench(['data', 'scale', 'sorting[n=10]'])
  expect(wrong.err).toContain('sorting holds lists of numbers; expected ranking data')
  expect(wrong.code).toBe(2)
})
