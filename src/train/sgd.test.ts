import { expect, test } from 'vitest'
import { createSgd } from './sgd.ts'

test('steps are along the gradient and what is left of the steps before', () => {
  const parameters = Float64Array.of(1)
  const sgd = createSgd(1, 0.1, 0.9, 0)
  sgd.step(parameters, Float64Array.of(2))
  expect(parameters[0]).toBeCloseTo(0.8, 12)
  sgd.step(parameters, Float64Array.of(1))
  // v = .9 * 2 + 1 = 2.8
  expect(parameters[0]).toBeCloseTo(0.52, 12)
})

test('decay pulls towards 0 through the velocity', () => {
  const parameters = Float64Array.of(2)
  createSgd(1, 0.1, 0.9, 0.5).step(parameters, Float64Array.of(0))
  expect(parameters[0]).toBeCloseTo(1.9, 12)
})
