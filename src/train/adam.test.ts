import { expect, test } from 'vitest'
import { createAdam } from './adam.ts'

test('the first step has the length of the learning rate, along the sign of the gradient', () => {
  const parameters = Float64Array.of(1, 1, 1)
  createAdam(3, 0.1, 0).step(parameters, Float64Array.of(5, -0.001, 0))
  expect(parameters[0]).toBeCloseTo(0.9, 6)
  expect(parameters[1]).toBeCloseTo(1.1, 4)
  expect(parameters[2]).toBe(1)
})

test('later steps under a constant gradient have that length too: the averages are corrected for their start at 0', () => {
  const parameters = Float64Array.of(1)
  const adam = createAdam(1, 0.1, 0)
  for (let k = 0; k < 5; k++) adam.step(parameters, Float64Array.of(3))
  expect(parameters[0]).toBeCloseTo(0.5, 7)
})

test('two steps under different gradients are those of the paper', () => {
  const parameters = Float64Array.of(0)
  const adam = createAdam(1, 0.1, 0)
  adam.step(parameters, Float64Array.of(1))
  adam.step(parameters, Float64Array.of(-2))
  // m = .9 * .1 - .1 * 2 = -.11, v = .999 * .001 + .001 * 4 = .004999; corrected by 1 - .9^2 and 1 - .999^2.
  const second = (0.1 * -0.11) / 0.19 / Math.sqrt(0.004999 / 0.001999)
  expect(parameters[0]).toBeCloseTo(-0.1 - second, 8)
})

test('weights decay apart from the gradient', () => {
  const parameters = Float64Array.of(2)
  createAdam(1, 0.1, 0.5).step(parameters, Float64Array.of(0))
  expect(parameters[0]).toBeCloseTo(1.9, 12)
})
