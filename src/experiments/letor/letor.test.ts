import { describe, expect, test } from 'vitest'
import type { Fold, RankingData } from '../../core/dataset.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import { randomStream } from '../../core/random.ts'
import { itemCount, rowCount, type Shape } from '../../core/shape.ts'
import { evaluateQueries, meanOverQueries } from '../../metrics/evaluate.ts'
import { parseMetric } from '../../metrics/metric.ts'
import { createAdam } from './adam.ts'
import { createMinibatches } from './minibatches.ts'
import { mlpScorer } from './mlp.ts'
import { linearScorer, type Scorer } from './scorer.ts'
import { scoreAll, type TrainingOptions, train } from './train.ts'

const random = (name: string) => randomStream(1, name)

/** Lists whose relevance is a threshold on x_1 - x_2, with noise features beside them. */
function rankingProblem(lists: number, seed: string): RankingData {
  const source = random(seed)
  const [length, width] = [8, 4]
  const features = Float32Array.from({ length: lists * length * width }, source.uniform)
  const labels = Float32Array.from({ length: lists * length }, (_, i) =>
    features[i * width] - features[i * width + 1] > 0.3 ? 1 : 0,
  )
  const offsets = Uint32Array.from({ length: lists + 1 }, (_, q) => q * length)
  return { queries: Array.from({ length: lists }, (_, q) => `${q}`), offsets, labels, features, width }
}

/** Mean over lists of the pairwise squared error; a stand-in for a loss, which experiments never import. */
function squaredLoss(shape: Shape, poison?: number): Plan {
  const n = itemCount(shape)
  const [values, labels, gradient] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const [output, cotangent] = [new Float64Array(1), new Float64Array(1)]
  return {
    values,
    labels,
    output,
    cotangent,
    gradient,
    forward() {
      output[0] = poison ?? values.reduce((sum, value, i) => sum + (value - labels[i]) ** 2, 0) / rowCount(shape)
    },
    backward() {
      for (let i = 0; i < n; i++) gradient[i] = (cotangent[0] * 2 * (values[i] - labels[i])) / rowCount(shape)
    },
    dispose() {},
  }
}

const operator = (poison?: number): OperatorSpec => ({
  params: {},
  growth: { forward: 'n', backward: 'n', memory: 'n' },
  gradient: 'exact',
  plan: (shape) => squaredLoss(shape, poison),
})

const loss = { name: 'loss:squared', operator: operator(), params: {} }
const options: TrainingOptions = {
  epochs: 40,
  patience: 40,
  learningRate: 0.02,
  weightDecay: 0,
  batch: 4,
  select: parseMetric('ndcg@3:ranklib'),
  seed: 1,
  precision: 'f64',
}
const parts = () => ({ train: rankingProblem(40, 'train'), validation: rankingProblem(20, 'validation') })

const scorers: Record<string, () => Scorer> = {
  linear: () => linearScorer(4, random('scorer')),
  'mlp, relu': () => mlpScorer(4, [6, 5], 'relu', random('scorer')),
  'mlp, tanh': () => mlpScorer(4, [7], 'tanh', random('scorer')),
}

describe.each(Object.entries(scorers))('%s scorer', (_name, create) => {
  test('has the gradient that finite differences have', () => {
    const scorer = create()
    const rows = 5
    const features = Float32Array.from({ length: rows * 4 }, random('features').normal)
    const weights = Float64Array.from({ length: rows }, random('weights').normal)
    const value = () => {
      const scores = new Float64Array(rows)
      scorer.forward(features, rows, scores)
      return scores.reduce((sum, score, i) => sum + weights[i] * score, 0)
    }
    value()
    const gradient = new Float64Array(scorer.parameters.length)
    scorer.backward(features, rows, weights, gradient)
    const step = 1e-6
    for (let k = 0; k < gradient.length; k++) {
      const held = scorer.parameters[k]
      scorer.parameters[k] = held + step
      const up = value()
      scorer.parameters[k] = held - step
      const down = value()
      scorer.parameters[k] = held
      expect(gradient[k]).toBeCloseTo((up - down) / (2 * step), 6)
    }
  })
  test('scores a row alone as in a block, also after a larger block', () => {
    const scorer = create()
    const features = Float32Array.from({ length: 6 * 4 }, random('rows').normal)
    const [all, one] = [new Float64Array(6), new Float64Array(1)]
    scorer.forward(features, 6, all)
    for (let i = 0; i < 6; i++) {
      scorer.forward(features.subarray(i * 4, (i + 1) * 4), 1, one)
      expect(one[0]).toBe(all[i])
    }
  })
  test('learns an easy ranking', () => {
    // Lists without relevant documents count 0 or nothing; here nothing, so that a perfect ranker scores 1.
    const metric = parseMetric('ndcg@3[blank=drop]')
    const held = rankingProblem(30, 'held out')
    const quality = (scorer: Scorer) =>
      meanOverQueries(evaluateQueries(metric, { ...held, scores: scoreAll(scorer, held) }))
    const before = quality(create())
    const { scorer } = train(parts(), create(), loss, options)
    expect(quality(scorer)).toBeGreaterThan(0.9)
    expect(quality(scorer)).toBeGreaterThan(before)
  })
})

describe('training', () => {
  test('is the same bit for bit for the same seed, and another for another seed', () => {
    const parameters = (seed: number) =>
      train(parts(), scorers['mlp, relu'](), loss, { ...options, epochs: 5, seed }).scorer.parameters
    expect(parameters(1)).toEqual(parameters(1))
    expect(parameters(2)).not.toEqual(parameters(1))
  })
  test('keeps the parameters of the epoch with the best validation value', () => {
    const { scorer, validation, epoch } = train(parts(), scorers.linear(), loss, options)
    const again = train(parts(), scorers.linear(), loss, { ...options, epochs: Math.max(1, epoch) })
    expect(again.scorer.parameters).toEqual(scorer.parameters)
    const data = parts().validation
    expect(meanOverQueries(evaluateQueries(options.select, { ...data, scores: scoreAll(scorer, data) }))).toBe(
      validation,
    )
  })
  test('stops after `patience` epochs without a better value', () => {
    // At a learning rate of 0 nothing ever improves on the untrained scorer.
    expect(train(parts(), scorers.linear(), loss, { ...options, learningRate: 0, patience: 3 }).epoch).toBe(0)
  })
  test('never sees the test part: a fold whose test part cannot be read trains all the same', () => {
    const fold: Fold = {
      ...parts(),
      get test(): RankingData {
        throw new Error('the test part was read during training')
      },
    }
    expect(train(fold, scorers.linear(), loss, { ...options, epochs: 2 }).validation).toBeGreaterThan(0)
  })
  test('says in which epoch and at which rate the loss stopped being a number', () => {
    const broken = { ...loss, operator: operator(Number.NaN) }
    expect(() => train(parts(), scorers.linear(), broken, options)).toThrow(
      'loss:squared: the loss is NaN in epoch 1 at learning rate 0.02',
    )
  })
})

describe('minibatches', () => {
  test('hold every list once, with its own labels', () => {
    const data = rankingProblem(10, 'batches')
    const batches = createMinibatches(data, 4, operator(), {}, 'f64', random('order'))
    expect(batches.map((batch) => batch.rows)).toEqual([32, 32, 16])
    const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0)
    expect(batches.reduce((total, batch) => total + sum(batch.loss.labels!), 0)).toBe(sum(data.labels))
    expect(batches.reduce((total, batch) => total + sum(batch.features), 0)).toBeCloseTo(sum(data.features), 6)
  })
})

describe('Adam', () => {
  test('makes a first step of the learning rate along the sign of the gradient, and decays weights apart from it', () => {
    const parameters = Float64Array.of(1, 1, 1)
    createAdam(3, 0.1, 0).step(parameters, Float64Array.of(5, -0.001, 0))
    expect(parameters[0]).toBeCloseTo(0.9, 6)
    expect(parameters[1]).toBeCloseTo(1.1, 4)
    expect(parameters[2]).toBe(1)
    const decayed = Float64Array.of(2)
    createAdam(1, 0.1, 0.5).step(decayed, Float64Array.of(0))
    expect(decayed[0]).toBeCloseTo(1.9, 12)
  })
})
