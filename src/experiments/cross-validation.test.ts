import { expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { crossValidation, rowsOf, standardise } from './cross-validation.ts'

test('every row is held out once, and fitted on in all other folds', () => {
  const rows = [3, 5, 7, 8, 9, 11, 20]
  const splits = crossValidation(rows, 3, randomStream(1, 'test'))
  expect(splits.flatMap(({ held }) => held).sort((a, b) => a - b)).toEqual(rows)
  for (const { fit, held } of splits) expect([...fit, ...held].sort((a, b) => a - b)).toEqual(rows)
})

test('held rows are moved by what the fitted rows say, not by themselves', () => {
  const [fit, held] = [Float64Array.of(1, 5, 3, 5), Float64Array.of(5, 6)]
  standardise(fit, held, 2)
  expect(Array.from(fit)).toEqual([-1, 0, 1, 0])
  expect(Array.from(held)).toEqual([3, 0])
})

test('rows are taken in the order asked', () => {
  expect(Array.from(rowsOf(Float64Array.of(1, 2, 3, 4, 5, 6), 2, [2, 0]))).toEqual([5, 6, 1, 2])
})
