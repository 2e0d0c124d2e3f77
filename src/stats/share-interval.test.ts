import { expect, test } from 'vitest'
import { shareInterval } from './share-interval.ts'

test('Wilson: 8 of 10 and 0 of 20, as printed in textbooks', () => {
  const eight = shareInterval(0.8, 10)
  expect(eight.low).toBeCloseTo(0.4902, 4)
  expect(eight.high).toBeCloseTo(0.9433, 4)
  const none = shareInterval(0, 20)
  expect(none.low).toBe(0)
  expect(none.high).toBeCloseTo(0.1611, 4)
})
