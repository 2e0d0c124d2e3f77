import { describe, expect, test } from 'vitest'
import type { RankingData } from '../../core/dataset.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import { randomStream } from '../../core/random.ts'
import { itemCount, rowCount, type Shape } from '../../core/shape.ts'
import { evaluateQueries, meanOverQueries } from '../../metrics/evaluate.ts'
import { parseMetric } from '../../metrics/metric.ts'
import { linearScorer } from '../../train/linear.ts'
import { createMinibatches } from '../../train/minibatches.ts'
import { mlpScorer } from '../../train/mlp.ts'
import { type Scorer, scoreAll } from '../../train/scorer.ts'
import { type Loss, type TrainingOptions, train } from './train.ts'

const random = (name: string) => randomStream(1, name)

/** Lists of 5 to 9 documents whose relevance is a threshold on x_1 - x_2, with noise features beside them. */
function rankingProblem(lists: number, seed: string): RankingData {
  const source = random(seed)
  const width = 4
  const offsets = new Uint32Array(lists + 1)
  for (let q = 0; q < lists; q++) offsets[q + 1] = offsets[q] + 5 + source.integer(5)
  const features = Float32Array.from({ length: offsets[lists] * width }, source.uniform)
  const labels = Float32Array.from({ length: offsets[lists] }, (_, i) =>
    features[i * width] - features[i * width + 1] > 0.3 ? 1 : 0,
  )
  return { queries: Array.from({ length: lists }, (_, q) => `${q}`), offsets, labels, features, width }
}

type Corrupt = (plan: Pick<Plan, 'output' | 'gradient'>) => void

/** Mean over lists of the squared error, a stand-in for a loss; `corrupt` is called at the end of each pass. */
function squaredLoss(shape: Shape, corrupt: Corrupt): Plan {
  const [values, labels, gradient] = Array.from({ length: 3 }, () => new Float64Array(itemCount(shape)))
  const [output, cotangent] = [new Float64Array(1), new Float64Array(1)]
  return {
    values,
    labels,
    output,
    cotangent,
    gradient,
    forward() {
      output[0] = values.reduce((sum, value, i) => sum + (value - labels[i]) ** 2, 0) / rowCount(shape)
      corrupt({ output, gradient })
    },
    backward() {
      for (let i = 0; i < values.length; i++)
        gradient[i] = (cotangent[0] * 2 * (values[i] - labels[i])) / rowCount(shape)
      corrupt({ output, gradient })
    },
    dispose() {},
  }
}

const operator = (corrupt: Corrupt = () => {}): OperatorSpec => ({
  params: {},
  growth: { forward: 'n', backward: 'n', memory: 'n' },
  gradient: 'exact',
  plan: (shape) => squaredLoss(shape, corrupt),
})

const loss: Loss = { name: 'loss:squared', operator: operator(), params: {} }
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
const linear = () => linearScorer(4, random('scorer'))
const mlp = () => mlpScorer(4, [6], 'relu', random('scorer'))

const quality = (scorer: Scorer, data: RankingData, metric = options.select) =>
  meanOverQueries(evaluateQueries(metric, { ...data, scores: scoreAll(scorer, data) }))

describe('training', () => {
  test.each([
    ['linear', linear],
    ['mlp', mlp],
  ])('the %s scorer learns an easy ranking', (_name, create) => {
    // Lists without relevant documents are dropped, so that a perfect ranker scores 1.
    const metric = parseMetric('ndcg@3[blank=drop]')
    const unseen = rankingProblem(30, 'unseen')
    expect(quality(create(), unseen, metric)).toBeLessThan(0.8)
    expect(quality(train(parts(), create(), loss, options).scorer, unseen, metric)).toBeGreaterThan(0.9)
  })
  test('is the same bit for bit for the same seed, and another for another seed', () => {
    const parameters = (seed: number) => train(parts(), mlp(), loss, { ...options, epochs: 5, seed }).scorer.parameters
    expect(parameters(1)).toEqual(parameters(1))
    expect(parameters(2)).not.toEqual(parameters(1))
  })
  test('decays weights when told to', () => {
    const size = (weightDecay: number) =>
      Math.hypot(...train(parts(), linear(), loss, { ...options, weightDecay }).scorer.parameters)
    expect(size(1)).toBeLessThan(size(0))
  })
})

describe('early stopping', () => {
  test('keeps the parameters of the best epoch, not of the last', () => {
    const { scorer, validation, epoch } = train(parts(), linear(), loss, options)
    expect(epoch).toBeGreaterThan(0)
    expect(epoch).toBeLessThan(options.epochs)
    expect(quality(scorer, parts().validation)).toBe(validation)
    const until = (epochs: number) => train(parts(), linear(), loss, { ...options, epochs })
    expect(until(epoch).scorer.parameters).toEqual(scorer.parameters)
    expect(until(epoch - 1).validation).toBeLessThan(validation)
  })
  test('stops after `patience` epochs without a better value', () => {
    let passes = 0
    const counted = { ...loss, operator: operator(() => void passes++) }
    const { epoch, validationCurve } = train(parts(), linear(), counted, { ...options, epochs: 400, patience: 3 })
    const minibatches = 10
    expect(epoch).toBeGreaterThan(0)
    expect(validationCurve.length).toBe(epoch + 3 + 1)
    expect(passes).toBe((epoch + 3) * minibatches * 2)
  })
  test('goes on while nothing is better than the untrained scorer', () => {
    const { epoch, validationCurve, lossCurve } = train(parts(), linear(), loss, {
      ...options,
      learningRate: 0,
      patience: 3,
    })
    expect({ epoch, judged: validationCurve.length, epochs: lossCurve.length }).toEqual({
      epoch: 0,
      judged: options.epochs + 1,
      epochs: options.epochs,
    })
  })
  test('refuses a validation part on which the metric has no value', () => {
    const lists = rankingProblem(5, 'blank')
    const blank = { ...parts(), validation: { ...lists, labels: lists.labels.map(() => 0) } }
    const select = parseMetric('ndcg@3:ranklib[blank=drop]')
    expect(() => train(blank, linear(), loss, { ...options, select })).toThrow('no value on the 5 queries')
  })
})

describe('numbers that are not finite', () => {
  const failing = (corrupt: Corrupt) => () =>
    train(parts(), linear(), { ...loss, operator: operator(corrupt) }, options)
  test('a loss is an error that says in which epoch and at which rate', () => {
    let passes = 0
    const inThirdEpoch: Corrupt = ({ output }) => {
      if (++passes > 45) output[0] = Number.NaN
    }
    expect(failing(inThirdEpoch)).toThrow('loss:squared: the loss is NaN in epoch 3 at learning rate 0.02')
  })
  test('a gradient under a finite loss is an error too', () => {
    const infinite: Corrupt = ({ gradient }) => {
      gradient[0] = Number.POSITIVE_INFINITY
    }
    expect(failing(infinite)).toThrow(/the gradient is (-?Infinity|NaN) in epoch 1 at learning rate 0.02/)
  })
})

describe('minibatches', () => {
  /** The one feature of a document is its place in the data. */
  const data: RankingData = {
    ...rankingProblem(10, 'batches'),
    width: 1,
    features: Float32Array.from({ length: rankingProblem(10, 'batches').labels.length }, (_, i) => i),
  }
  const create = () => createMinibatches(data, 4, operator(), {}, 'f64', random('order'))
  const places = (batches: ReturnType<typeof create>) =>
    Array.from(batches.shuffled(), ({ features }) => Array.from(features))
  test('hold every document once, each with its own label', () => {
    const seen: number[] = []
    for (const { features, loss } of create().shuffled()) {
      seen.push(...features)
      features.forEach((place, i) => {
        expect(loss.labels![i]).toBe(data.labels[place])
      })
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from(data.features))
  })
  test('keep the documents of a list together', () => {
    const listOf = (place: number) => data.offsets.findLastIndex((start) => start <= place)
    for (const batch of places(create())) {
      const runs = batch.map(listOf).filter((list, i, lists) => list !== lists[i - 1])
      expect(new Set(runs).size).toBe(runs.length)
    }
  })
  test('hold 4, 4 and 2 lists, the same ones every epoch, in plans that are made once', () => {
    const batches = create()
    const plansOf = () => Array.from(batches.shuffled(), (batch) => batch.loss)
    const sets = () => places(batches).map((batch) => batch.sort((a, b) => a - b).join())
    const [first, plans] = [sets(), plansOf()]
    expect(first.length).toBe(3)
    expect(sets().sort()).toEqual(first.sort())
    expect(new Set([...plansOf(), ...plans]).size).toBe(3)
  })
  test('come in another order every epoch, and so do the documents within a list', () => {
    const batches = create()
    const epochs = Array.from({ length: 4 }, () => places(batches))
    expect(new Set(epochs.map((epoch) => epoch.join())).size).toBe(4)
    expect(new Set(epochs.map((epoch) => epoch.map((batch) => batch.length).join())).size).toBeGreaterThan(1)
  })
})
