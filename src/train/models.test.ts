import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { createLayers } from './layers.ts'
import { linearModel } from './linear.ts'
import { mlpModel } from './mlp.ts'
import { type Model, outputsOf, withOwnParameters } from './model.ts'
import { plainLayers } from './plain-layers.ts'

const random = (name: string) => randomStream(1, name)
const width = 6
const features = (rows: number) => Float32Array.from({ length: rows * width }, random('features').normal)

const models: Record<string, () => Model> = {
  linear: () => linearModel(width, random('scorer')),
  'mlp, one layer, relu': () => mlpModel(width, [9], 'relu', random('scorer')),
  'mlp, two layers, relu': () => mlpModel(width, [7, 5], 'relu', random('scorer')),
  'mlp, layers wide enough for vectors': () => mlpModel(width, [19, 8], 'relu', random('scorer')),
  'mlp, in plain TypeScript': () => mlpModel(width, [19, 8], 'tanh', random('scorer'), plainLayers),
  'mlp, two layers, tanh': () => mlpModel(width, [4, 3], 'tanh', random('scorer')),
}

describe.each(Object.entries(models))('%s', (_name, create) => {
  test.each([1, 4, 7])('has the gradient that finite differences have, on %i rows', (rows) => {
    const model = create()
    // Away from 0, so that biases and ReLU slopes take part.
    model.parameters.forEach((value, k) => {
      model.parameters[k] = value + 0.1 * Math.sin(k)
    })
    const weights = Float64Array.from({ length: rows }, random('weights').normal)
    const input = features(rows)
    const value = () => {
      const scores = new Float64Array(rows)
      model.forward(input, rows, scores)
      return scores.reduce((sum, score, i) => sum + weights[i] * score, 0)
    }
    value()
    const gradient = new Float64Array(model.parameters.length)
    model.backward(weights, gradient)
    const step = 1e-6
    model.parameters.forEach((held, k) => {
      model.parameters[k] = held + step
      const up = value()
      model.parameters[k] = held - step
      const down = value()
      model.parameters[k] = held
      expect(gradient[k]).toBeCloseTo((up - down) / (2 * step), 7)
    })
  })
  test('adds to the gradient it is given', () => {
    const model = create()
    model.forward(features(3), 3, new Float64Array(3))
    const [once, onTop] = [0, 10].map((start) => {
      const gradient = new Float64Array(model.parameters.length).fill(start)
      model.backward([1, -2, 3], gradient)
      return gradient
    })
    once.forEach((value, k) => {
      expect(onTop[k]).toBeCloseTo(10 + value, 12)
    })
  })
  test('scores a row alone as in a block, bit for bit, also after a larger block', () => {
    const model = create()
    const [all, one] = [new Float64Array(6), new Float64Array(1)]
    const block = features(6)
    model.forward(block, 6, all)
    for (let i = 0; i < 6; i++) {
      model.forward(block.subarray(i * width, (i + 1) * width), 1, one)
      expect(one[0]).toBe(all[i])
    }
  })
  test('scores data of several blocks as at once', () => {
    const model = create()
    const rows = 2500
    const atOnce = new Float64Array(rows)
    model.forward(features(rows), rows, atOnce)
    expect(outputsOf(model, features(rows), width)).toEqual(atOnce)
  })
  test('starts with scores of its own for every seed, and none of them tied', () => {
    const scores = new Float64Array(5)
    create().forward(features(5), 5, scores)
    expect(new Set(scores).size).toBe(5)
  })
})

test.each(['relu', 'tanh'] as const)('a deep MLP with %s keeps the size of its signals at the start', (activation) => {
  const model = mlpModel(64, [64, 64, 64, 64], activation, random('deep'))
  const scores = new Float64Array(200)
  model.forward(Float32Array.from({ length: 200 * 64 }, random('wide').normal), 200, scores)
  const size = Math.sqrt(scores.reduce((sum, score) => sum + score * score, 0) / 200)
  expect(size).toBeGreaterThan(0.2)
  expect(size).toBeLessThan(5)
})

test('layers on the engine give what plain TypeScript gives, up to rounding', () => {
  const rows = 23
  const sizes = [37, 2, 11]
  const [engine, plain] = [createLayers, plainLayers].map((create) => {
    const model = mlpModel(width, sizes, 'tanh', random('scorer'), create)
    const scores = new Float64Array(rows)
    model.forward(features(rows), rows, scores)
    const gradient = new Float64Array(model.parameters.length)
    model.backward(scores, gradient)
    return { scores, gradient }
  })
  for (const name of ['scores', 'gradient'] as const) {
    engine[name].forEach((value, k) => {
      expect(value).toBeCloseTo(plain[name][k], 10)
    })
  }
})

test('models with parameters of their own are trained in turns in the memory of one', () => {
  const one = linearModel(width, random('scorer'))
  const [a, b] = [withOwnParameters(one), withOwnParameters(one)]
  b.parameters.fill(0)
  const inputs = features(3)
  const outputs = outputsOf(a, inputs, width)
  expect(Array.from(outputsOf(b, inputs, width))).toEqual([0, 0, 0])
  expect(outputsOf(a, inputs, width)).toEqual(outputs)
})
