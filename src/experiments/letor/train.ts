/**
 * Training with early stopping. The trainer is given the training and the validation part and nothing else: what it
 * never receives it cannot select on.
 */

import type { Fold, RankingData } from '../../core/dataset.ts'
import { dataError, valueError } from '../../core/errors.ts'
import type { OperatorSpec } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Precision } from '../../core/shape.ts'
import { evaluateQueries, meanOverQueries } from '../../metrics/evaluate.ts'
import type { Metric } from '../../metrics/metric.ts'
import { mean } from '../../stats/mean.ts'
import { createAdam } from '../../train/adam.ts'
import { createMinibatches, type Minibatch } from '../../train/minibatches.ts'
import { type Scorer, scoreAll } from '../../train/scorer.ts'

export type TrainingParts = Pick<Fold, 'train' | 'validation'>

export interface TrainingOptions {
  /** Most passes over the training part. */
  readonly epochs: number
  /**
   * Epochs without a better validation value after which training stops; they count once the untrained scorer is beaten:
   * pointwise losses find the level of the labels first.
   */
  readonly patience: number
  readonly learningRate: number
  readonly weightDecay: number
  /** Lists in a minibatch. */
  readonly batch: number
  /** Chooses the epoch, on the validation part. */
  readonly select: Metric
  readonly seed: number
  /** Of the loss; scorers and optimiser are f64. */
  readonly precision: Precision
}

export interface Trained {
  /** The scorer with the parameters of its best epoch. */
  readonly scorer: Scorer
  /** Value of the selection metric on the validation part at the best epoch. */
  readonly validation: number
  /** The best epoch; 0 is the untrained scorer. */
  readonly epoch: number
  /** Validation value after each epoch, the untrained scorer's first. */
  readonly validationCurve: readonly number[]
  /** Mean loss over the minibatches of each epoch. */
  readonly lossCurve: readonly number[]
}

export interface Loss {
  readonly name: string
  readonly operator: OperatorSpec
  readonly params: Params
}

/** @throws RankBenchError(data) when no query of the validation part counts: nothing could be selected on it */
function validationValue(scorer: Scorer, data: RankingData, metric: Metric): number {
  const value = meanOverQueries(evaluateQueries(metric, { ...data, scores: scoreAll(scorer, data) }))
  if (!Number.isNaN(value)) return value
  throw dataError(
    `letor: ${metric.text} has no value on the ${data.queries.length} queries of the validation part; expected a query that it counts`,
    'choose the validation metric, e.g. letor[select=map:letor4]',
  )
}

/** Writes the gradient of the mean loss over the lists of a minibatch. */
function differentiate(batch: Minibatch, scorer: Scorer, scores: Float64Array, gradient: Float64Array): void {
  scorer.forward(batch.features, batch.rows, scores)
  batch.loss.values.set(scores.subarray(0, batch.rows))
  batch.loss.forward()
  batch.loss.backward()
  gradient.fill(0)
  scorer.backward(batch.loss.gradient, gradient)
}

/** The first number that is NaN or infinite. */
function notFinite(numbers: ArrayLike<number>): number | undefined {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return numbers[i]
  return undefined
}

/**
 * Minimises the mean loss over the lists by Adam; keeps the parameters of the epoch with the best validation value, the
 * earlier one when two tie.
 * @throws RankBenchError(value) naming epoch and learning rate when loss or gradient is not finite
 */
export function train(parts: TrainingParts, scorer: Scorer, loss: Loss, options: TrainingOptions): Trained {
  const { learningRate, precision } = options
  const random = randomStream(options.seed, 'letor/minibatches')
  const batches = createMinibatches(parts.train, options.batch, loss.operator, loss.params, precision, random)
  const adam = createAdam(scorer.parameters.length, learningRate, options.weightDecay)
  const gradient = new Float64Array(scorer.parameters.length)
  const scores = new Float64Array(batches.largest)

  const step = (batch: Minibatch, epoch: number) => {
    differentiate(batch, scorer, scores, gradient)
    const [value, slope] = [notFinite(batch.loss.output), notFinite(gradient)]
    if (value !== undefined || slope !== undefined) {
      const found = value === undefined ? `gradient is ${slope}` : `loss is ${value}`
      throw valueError(
        `${loss.name}: the ${found} in epoch ${epoch} at learning rate ${learningRate}; expected finite numbers`,
        `choose smaller rates, e.g. letor[learning-rates=${learningRate / 10}]`,
      )
    }
    adam.step(scorer.parameters, gradient)
    return mean(batch.loss.output)
  }

  const judge = (epoch: number) => {
    const validation = validationValue(scorer, parts.validation, options.select)
    return { validation, epoch, parameters: scorer.parameters.slice() }
  }

  let best = judge(0)
  const [validationCurve, lossCurve]: [number[], number[]] = [[best.validation], []]
  const isOver = (epoch: number) => epoch > options.epochs || (best.epoch > 0 && epoch - best.epoch > options.patience)
  for (let epoch = 1; !isOver(epoch); epoch++) {
    lossCurve.push(mean(Array.from(batches.shuffled(), (batch) => step(batch, epoch))))
    const judged = judge(epoch)
    validationCurve.push(judged.validation)
    if (judged.validation > best.validation) best = judged
  }
  batches.dispose()
  scorer.parameters.set(best.parameters)
  return { scorer, validation: best.validation, epoch: best.epoch, validationCurve, lossCurve }
}
