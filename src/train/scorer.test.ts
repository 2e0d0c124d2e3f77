import { describe, expect, test } from 'vitest'
import type { RankingData } from '../core/dataset.ts'
import { randomStream } from '../core/random.ts'
import { createLayers, plainLayers } from './layers.ts'
import { linearScorer } from './linear.ts'
import { mlpScorer } from './mlp.ts'
import { type Scorer, scoreAll } from './scorer.ts'

const random = (name: string) => randomStream(1, name)
const width = 6
const features = (rows: number) => Float32Array.from({ length: rows * width }, random('features').normal)

const scorers: Record<string, () => Scorer> = {
  linear: () => linearScorer(width, random('scorer')),
  'mlp, one layer, relu': () => mlpScorer(width, [9], 'relu', random('scorer')),
  'mlp, two layers, relu': () => mlpScorer(width, [7, 5], 'relu', random('scorer')),
  'mlp, layers wide enough for vectors': () => mlpScorer(width, [19, 8], 'relu', random('scorer')),
  'mlp, in plain TypeScript': () => mlpScorer(width, [19, 8], 'tanh', random('scorer'), plainLayers),
  'mlp, two layers, tanh': () => mlpScorer(width, [4, 3], 'tanh', random('scorer')),
}

describe.each(Object.entries(scorers))('%s', (_name, create) => {
  test.each([1, 4, 7])('has the gradient that finite differences have, on %i rows', (rows) => {
    const scorer = create()
    // Away from 0, so that biases and ReLU slopes take part.
    scorer.parameters.forEach((value, k) => {
      scorer.parameters[k] = value + 0.1 * Math.sin(k)
    })
    const weights = Float64Array.from({ length: rows }, random('weights').normal)
    const input = features(rows)
    const value = () => {
      const scores = new Float64Array(rows)
      scorer.forward(input, rows, scores)
      return scores.reduce((sum, score, i) => sum + weights[i] * score, 0)
    }
    value()
    const gradient = new Float64Array(scorer.parameters.length)
    scorer.backward(weights, gradient)
    const step = 1e-6
    scorer.parameters.forEach((held, k) => {
      scorer.parameters[k] = held + step
      const up = value()
      scorer.parameters[k] = held - step
      const down = value()
      scorer.parameters[k] = held
      expect(gradient[k]).toBeCloseTo((up - down) / (2 * step), 7)
    })
  })
  test('adds to the gradient it is given', () => {
    const scorer = create()
    scorer.forward(features(3), 3, new Float64Array(3))
    const [once, onTop] = [0, 10].map((start) => {
      const gradient = new Float64Array(scorer.parameters.length).fill(start)
      scorer.backward([1, -2, 3], gradient)
      return gradient
    })
    once.forEach((value, k) => {
      expect(onTop[k]).toBeCloseTo(10 + value, 12)
    })
  })
  test('scores a row alone as in a block, bit for bit, also after a larger block', () => {
    const scorer = create()
    const [all, one] = [new Float64Array(6), new Float64Array(1)]
    const block = features(6)
    scorer.forward(block, 6, all)
    for (let i = 0; i < 6; i++) {
      scorer.forward(block.subarray(i * width, (i + 1) * width), 1, one)
      expect(one[0]).toBe(all[i])
    }
  })
  test('scores data of several blocks as at once', () => {
    const scorer = create()
    const rows = 2500
    const data: RankingData = {
      queries: ['1'],
      offsets: Uint32Array.of(0, rows),
      labels: new Float32Array(rows),
      features: features(rows),
      width,
    }
    const atOnce = new Float64Array(rows)
    scorer.forward(data.features, rows, atOnce)
    expect(scoreAll(scorer, data)).toEqual(atOnce)
  })
  test('starts with scores of its own for every seed, and none of them tied', () => {
    const scores = new Float64Array(5)
    create().forward(features(5), 5, scores)
    expect(new Set(scores).size).toBe(5)
  })
})

test.each(['relu', 'tanh'] as const)('a deep MLP with %s keeps the size of its signals at the start', (activation) => {
  const scorer = mlpScorer(64, [64, 64, 64, 64], activation, random('deep'))
  const scores = new Float64Array(200)
  scorer.forward(Float32Array.from({ length: 200 * 64 }, random('wide').normal), 200, scores)
  const size = Math.sqrt(scores.reduce((sum, score) => sum + score * score, 0) / 200)
  expect(size).toBeGreaterThan(0.2)
  expect(size).toBeLessThan(5)
})

test('layers on the engine give what plain TypeScript gives, up to rounding', () => {
  const rows = 23
  const sizes = [37, 2, 11]
  const [engine, plain] = [createLayers, plainLayers].map((create) => {
    const scorer = mlpScorer(width, sizes, 'tanh', random('scorer'), create)
    const scores = new Float64Array(rows)
    scorer.forward(features(rows), rows, scores)
    const gradient = new Float64Array(scorer.parameters.length)
    scorer.backward(scores, gradient)
    return { scores, gradient }
  })
  for (const name of ['scores', 'gradient'] as const) {
    engine[name].forEach((value, k) => {
      expect(value).toBeCloseTo(plain[name][k], 10)
    })
  }
})
