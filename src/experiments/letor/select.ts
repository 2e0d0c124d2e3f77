/** Model selection: the learning rate, as the epoch, is chosen by the validation part, and the test part is not here. */

import { randomStream } from '../../core/random.ts'
import type { Precision } from '../../core/shape.ts'
import { linearScorer } from './linear.ts'
import { mlpScorer } from './mlp.ts'
import type { Scorer } from './scorer.ts'
import type { Settings } from './settings.ts'
import { type Loss, type Trained, type TrainingParts, train } from './train.ts'

export interface Selected extends Trained {
  readonly learningRate: number
}

/** An untrained scorer; equal seeds give equal parameters. */
function createScorer({ scorer }: Settings, width: number, seed: number): Scorer {
  const random = randomStream(seed, 'letor/initial')
  return scorer === 'linear' ? linearScorer(width, random) : mlpScorer(width, scorer.hidden, scorer.activation, random)
}

/**
 * Trains once a learning rate, each time from the same untrained scorer, and keeps the best by the validation part, the
 * first named when they tie.
 * @throws RankBenchError(value) when a rate makes loss or gradient infinite or NaN
 */
export function selectModel(
  parts: TrainingParts,
  loss: Loss,
  settings: Settings,
  { seed, precision }: { readonly seed: number; readonly precision: Precision },
): Selected {
  return settings.learningRates
    .map((learningRate) => {
      const scorer = createScorer(settings, parts.train.width, seed)
      return { ...train(parts, scorer, loss, { ...settings.training, learningRate, seed, precision }), learningRate }
    })
    .reduce((best, next) => (next.validation > best.validation ? next : best))
}
