/**
 * Training with early stopping. The trainer is given the training and the validation part and nothing else: what it
 * never receives it cannot select on.
 */

import type { Fold, RankingData } from '../../core/dataset.ts'
import type { OperatorSpec } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Precision } from '../../core/shape.ts'
import { evaluateQueries, meanOverQueries } from '../../metrics/evaluate.ts'
import type { Metric } from '../../metrics/metric.ts'
import { createAdam } from './adam.ts'
import { createMinibatches, type Minibatch } from './minibatches.ts'
import type { Scorer } from './scorer.ts'

export type TrainingParts = Pick<Fold, 'train' | 'validation'>

export interface TrainingOptions {
  readonly epochs: number
  /** Epochs without a better validation value after which training stops. */
  readonly patience: number
  readonly learningRate: number
  readonly weightDecay: number
  /** Lists in a minibatch. */
  readonly batch: number
  readonly select: Metric
  readonly seed: number
  readonly precision: Precision
}

export interface Trained {
  /** The scorer with the parameters of its best epoch. */
  readonly scorer: Scorer
  /** Value of the selection metric on the validation part at the best epoch. */
  readonly validation: number
  readonly epoch: number
}

export interface Loss {
  readonly name: string
  readonly operator: OperatorSpec
  readonly params: Params
}

export function scoreAll(scorer: Scorer, data: RankingData): Float64Array {
  const scores = new Float64Array(data.labels.length)
  scorer.forward(data.features, data.labels.length, scores)
  return scores
}

const validationValue = (scorer: Scorer, data: RankingData, metric: Metric): number =>
  meanOverQueries(evaluateQueries(metric, { ...data, scores: scoreAll(scorer, data) }))

/** Loss and parameter gradient of one minibatch. */
function descend(
  { features, rows, loss }: Minibatch,
  scorer: Scorer,
  scores: Float64Array,
  gradient: Float64Array,
): number {
  scorer.forward(features, rows, scores)
  loss.values.set(scores.subarray(0, rows))
  loss.forward()
  loss.backward()
  gradient.fill(0)
  scorer.backward(features, rows, loss.gradient, gradient)
  return loss.output[0]
}

/**
 * Minimises the mean loss over the lists by Adam; keeps the parameters of the epoch with the best validation value.
 * Epoch 0 is the untrained scorer.
 * @throws Error naming epoch and learning rate when the loss is not finite
 */
export function train(parts: TrainingParts, scorer: Scorer, loss: Loss, options: TrainingOptions): Trained {
  const { learningRate, weightDecay, precision, seed } = options
  const random = randomStream(seed, 'letor/minibatches')
  const batches = createMinibatches(parts.train, options.batch, loss.operator, loss.params, precision, random)
  const adam = createAdam(scorer.parameters.length, learningRate, weightDecay)
  const gradient = new Float64Array(scorer.parameters.length)
  const scores = new Float64Array(Math.max(...batches.map((batch) => batch.rows)))
  let best = {
    validation: validationValue(scorer, parts.validation, options.select),
    epoch: 0,
    parameters: scorer.parameters.slice(),
  }
  for (let epoch = 1; epoch <= options.epochs && epoch - best.epoch <= options.patience; epoch++) {
    for (const batch of random.shuffle([...batches])) {
      const value = descend(batch, scorer, scores, gradient)
      if (!Number.isFinite(value))
        throw new Error(`${loss.name}: the loss is ${value} in epoch ${epoch} at learning rate ${learningRate}`)
      adam.step(scorer.parameters, gradient)
    }
    const validation = validationValue(scorer, parts.validation, options.select)
    if (validation > best.validation) best = { validation, epoch, parameters: scorer.parameters.slice() }
  }
  scorer.parameters.set(best.parameters)
  return { scorer, validation: best.validation, epoch: best.epoch }
}
