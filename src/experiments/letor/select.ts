/** Model selection: every choice, as the step, is made by the validation part, and the test part is not here. */

import type { Fold, RankingData } from '../../core/dataset.ts'
import { dataError } from '../../core/errors.ts'
import type { OperatorSpec } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Precision } from '../../core/shape.ts'
import { possibleFactors, timesSoftness } from '../../core/softness.ts'
import { evaluateQueries, meanOverQueries } from '../../metrics/evaluate.ts'
import type { Metric } from '../../metrics/metric.ts'
import { createAdam } from '../../train/adam.ts'
import { halve } from '../../train/halving.ts'
import { linearModel } from '../../train/linear.ts'
import { startTraining, type Training } from '../../train/loop.ts'
import { mlpModel } from '../../train/mlp.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import { drawTrials, type Setting } from '../../train/trials.ts'
import { allDiverged } from '../choices.ts'
import { createPool } from '../pool.ts'
import { createMinibatches, lossOf } from './minibatches.ts'
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

/** The choices without factors that the loss has no softness for. */
const possibleChoices = ({ operator, params }: Loss, choices: Choices): Choices => ({
  ...choices,
  softness: possibleFactors(operator, params, choices.softness),
})

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

/**
 * Draws trials from the grid, trains them by successive halving and keeps the best by the validation part. Trials of equal
 * size start from the same untrained scorer and see the same minibatches in the same order.
 * @throws RankBenchError(value) when loss or gradient becomes infinite or NaN in every trial
 */
export function selectModel(parts: TrainingParts, loss: Loss, settings: Settings, cause: Cause): Selected {
  const { budget, select } = settings
  const choices = possibleChoices(loss, settings.choices)
  const drawn = drawTrials(choices, budget.trials, (name) => randomStream(cause.seed, `letor/trials/${name}`))
  const pool = createPool((factor) => {
    const params = timesSoftness(loss.operator, loss.params, factor)!
    const random = randomStream(cause.seed, 'letor/minibatches')
    return createMinibatches(parts.train, settings.batch, loss.operator, params, cause.precision, random)
  })
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
  const trials = trainings.map((training, t) => ({ training, choice: drawn[t] }))
  const winner = halve(trainings, budget.steps)
  pool.dispose()
  if (winner === undefined) throw allDiverged(loss.name, 'letor', trials)
  const { model: scorer, training } = begun[winner]
  scorer.parameters.set(training.best.parameters)
  return { scorer, training, choice: drawn[winner], choices, trials }
}
