/** Model selection: every choice, as the step, is made by the validation part, and the test part is not here. */

import type { Fold, RankingData } from '../../core/dataset.ts'
import { dataError, valueError } from '../../core/errors.ts'
import type { OperatorSpec } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Precision } from '../../core/shape.ts'
import { atSoftness, softnessOf } from '../../core/softness.ts'
import { evaluateQueries, meanOverQueries } from '../../metrics/evaluate.ts'
import type { Metric } from '../../metrics/metric.ts'
import { createAdam } from '../../train/adam.ts'
import { halve } from '../../train/halving.ts'
import { linearModel } from '../../train/linear.ts'
import { startTraining, type Training } from '../../train/loop.ts'
import { mlpModel } from '../../train/mlp.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import { drawTrials, type Setting } from '../../train/trials.ts'
import { createMinibatches, lossOf, type Minibatches } from './minibatches.ts'
import type { Choices, Settings } from './settings.ts'

type TrainingParts = Pick<Fold, 'train' | 'validation'>

interface Loss {
  readonly name: string
  readonly operator: OperatorSpec
  readonly params: Params
}

/** One of each. */
type Choice = Setting<Choices>

export interface Trial {
  readonly choice: Choice
  readonly training: Training
}

export interface Selected {
  /** The scorer with the parameters of the best step of the best trial. */
  readonly scorer: Model
  readonly training: Training
  readonly choice: Choice
  /** The grid as far as this loss has it. */
  readonly choices: Choices
  /** Everything that was tried, in the order drawn. */
  readonly trials: readonly Trial[]
}

interface Cause {
  readonly seed: number
  /** Precision of the loss; scorers and optimiser are f64. */
  readonly precision: Precision
}

/** An untrained scorer; equal seeds give equal parameters. */
function createScorer({ scorer, activation }: Settings, { hidden }: Choice, width: number, seed: number): Model {
  const random = randomStream(seed, 'letor/initial')
  return scorer === 'linear' ? linearModel(width, random) : mlpModel(width, hidden, activation, random)
}

/** The loss at a multiple of its own softness; undefined when it has none, or none there. */
function withSoftness(loss: Loss, factor: number): Loss | undefined {
  if (factor === 1) return loss
  const own = softnessOf(loss.operator, loss.params)
  const params = own === undefined ? undefined : atSoftness(loss.operator, loss.params, own * factor)
  return params && { ...loss, params }
}

/** The choices without factors that the loss has no softness for; a loss without softness keeps the factor 1. */
function possibleChoices(loss: Loss, choices: Choices): Choices {
  const possible = choices.softness.filter((factor) => withSoftness(loss, factor))
  const has = softnessOf(loss.operator, loss.params) !== undefined
  return { ...choices, softness: has && possible.length > 0 ? possible : [1] }
}

/** @throws RankBenchError(data) when no query of the validation part counts: nothing could be selected on it */
function validationValue(scorer: Model, data: RankingData, metric: Metric): number {
  const scores = outputsOf(scorer, data.features, data.width)
  const value = meanOverQueries(evaluateQueries(metric, { ...data, scores }))
  if (!Number.isNaN(value)) return value
  throw dataError(
    `letor: ${metric.text} has no value on the ${data.queries.length} queries of the validation part; expected a query that it counts`,
    'choose the validation metric, e.g. letor[select=map:letor4]',
  )
}

/** Minibatches of a loss at each softness, made when first asked for and shared by all trials. */
function createPool({ train }: TrainingParts, loss: Loss, { batch }: Settings, { seed, precision }: Cause) {
  const made = new Map<number, Minibatches>()
  return {
    at(factor: number): Minibatches {
      const known = made.get(factor)
      if (known) return known
      const { operator, params } = withSoftness(loss, factor)!
      const random = randomStream(seed, 'letor/minibatches')
      const minibatches = createMinibatches(train, batch, operator, params, precision, random)
      made.set(factor, minibatches)
      return minibatches
    },
    dispose() {
      for (const minibatches of made.values()) minibatches.dispose()
    },
  }
}

/** @throws RankBenchError(value) naming the last trial's loss, step and rate */
function allDiverged(loss: Loss, trainings: readonly Training[], drawn: readonly Choice[]): Error {
  const [{ end }, { learningRate }] = [trainings.at(-1)!, drawn.at(-1)!]
  const what = end?.kind === 'diverged' ? `the ${end.what} at step ${end.step}` : 'nothing was left'
  return valueError(
    `${loss.name}: no trial of ${trainings.length} stayed finite; in the last one, at learning rate ${learningRate}, ${what}`,
    `choose smaller rates, e.g. letor[learning-rates=${learningRate / 10}]`,
  )
}

/**
 * Draws trials from the grid, trains them by successive halving and keeps the best by the validation part. Trials of equal
 * size start from the same untrained scorer and see the same minibatches in the same order.
 * @throws RankBenchError(value) when loss or gradient becomes infinite or NaN in every trial
 */
export function selectModel(parts: TrainingParts, loss: Loss, settings: Settings, cause: Cause): Selected {
  const { budget, select } = settings
  const choices = possibleChoices(loss, settings.choices)
  const drawn = drawTrials(choices, budget.trials, (name) => randomStream(cause.seed, `letor/trials/${name}`))
  const pool = createPool(parts, loss, settings, cause)
  const begin = (choice: Choice) => {
    const model = createScorer(settings, choice, parts.train.width, cause.seed)
    const training = startTraining({
      model,
      batches: pool.at(choice.softness).stream(randomStream(cause.seed, 'letor/orders')),
      loss: lossOf,
      judge: (judged) => validationValue(judged, parts.validation, select),
      optimiser: createAdam(model.parameters.length, choice.learningRate, choice.weightDecay),
      check: budget.check,
      patience: budget.patience,
    })
    return { model, training }
  }
  const begun = drawn.map(begin)
  const trainings = begun.map(({ training }) => training)
  const winner = halve(trainings, budget.steps)
  pool.dispose()
  if (winner === undefined) throw allDiverged(loss, trainings, drawn)
  const { model: scorer, training } = begun[winner]
  scorer.parameters.set(training.best.parameters)
  const trials = trainings.map((each, t) => ({ training: each, choice: drawn[t] }))
  return { scorer, training, choice: drawn[winner], choices, trials }
}
