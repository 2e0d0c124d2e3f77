/** Model selection: every choice, as the step, is made by the validation part, and the test part is not here. */

import type { Bench } from '../../core/experiment.ts'
import type { OperatorSpec } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import { randomStream } from '../../core/random.ts'
import { possibleFactors, timesSoftness } from '../../core/softness.ts'
import { mean } from '../../stats/mean.ts'
import { halve } from '../../train/halving.ts'
import { startTraining, type Training } from '../../train/loop.ts'
import { type Model, withOwnParameters } from '../../train/model.ts'
import { drawTrials, type Setting } from '../../train/trials.ts'
import { allDiverged } from '../choices.ts'
import { createPool } from '../pool.ts'
import { batchesOf, judgeOn, sortingNetwork } from '../sequence-sorting/experiment.ts'
import { sortingLoss } from '../sequence-sorting/loss.ts'
import { optimiserOf } from '../training/settings.ts'
import type { Source } from '../training/source.ts'
import type { Choices, Settings } from './settings.ts'

interface Sorter {
  readonly spec: OperatorSpec
  readonly method: MethodRef
}

export interface Trial {
  readonly choice: Setting<Choices>
  readonly training: Training
}

export interface Selected extends Trial {
  /** The network with the parameters of the best step of the best trial. */
  readonly model: Model
  /** The grid as far as this operator has it. */
  readonly choices: Choices
  /** Everything that was tried, in the order drawn. */
  readonly trials: readonly Trial[]
}

/**
 * Draws trials from the grid, trains them by successive halving and keeps the best by the validation part. All trials of all
 * operators start from the same weights and see the same batches in the same order.
 * @throws RankBenchError(value) when loss or gradient becomes infinite or NaN in every trial
 */
export function selectTrial(source: Source, sorter: Sorter, settings: Settings, seed: number, bench: Bench): Selected {
  const { training: own } = settings
  const choices = {
    ...settings.choices,
    softness: possibleFactors(sorter.spec, sorter.method.params, settings.choices.softness),
  }
  const drawn = drawTrials(choices, settings.trials, (name) => randomStream(seed, `sorting contest/trials/${name}`))
  const losses = createPool((factor) => {
    const params = timesSoftness(sorter.spec, sorter.method.params, factor)!
    return sortingLoss(
      sorter.spec,
      { ...sorter.method, params },
      { sequences: own.batch, n: source.n, gumbel: own.gumbel },
    )
  })
  const network = sortingNetwork(source, own, seed, bench)
  const validate = judgeOn(source, 'validation', own.validation, seed)
  const judge = (model: Model) => mean(validate(model).all)
  const untrained = judge(network)
  const begun = drawn.map((choice) => {
    const model = withOwnParameters(network)
    let trained = false
    const training = startTraining({
      model,
      batches: batchesOf(source, own, seed),
      loss: losses.at(choice.softness).at,
      judge: (judged) => {
        // All begin with the same weights, which are judged once.
        const value = trained ? judge(judged) : untrained
        trained = true
        return value
      },
      optimiser: optimiserOf({ ...own, learningRate: choice.learningRate }, model.parameters.length),
      check: own.check,
      patience: own.steps,
    })
    return { model, training, choice }
  })
  const winner = halve(
    begun.map(({ training }) => training),
    own.steps,
  )
  losses.dispose()
  if (winner === undefined) throw allDiverged(sorter.method.name, 'sorting-contest', begun)
  const { model, training, choice } = begun[winner]
  model.parameters.set(training.best.parameters)
  return { model, training, choice, choices, trials: begun }
}
