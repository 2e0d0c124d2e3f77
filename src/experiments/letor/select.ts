/** Model selection: every choice, as the epoch, is made by the validation part, and the test part is not here. */

import { randomStream } from '../../core/random.ts'
import type { Precision } from '../../core/shape.ts'
import { atSoftness, softnessOf } from '../../core/softness.ts'
import { linearScorer } from '../../train/linear.ts'
import { mlpScorer } from '../../train/mlp.ts'
import type { Scorer } from '../../train/scorer.ts'
import type { Choices, Settings } from './settings.ts'
import { type Loss, type Trained, type TrainingParts, train } from './train.ts'

/** One of each. */
export type Choice = { readonly [Name in keyof Choices]: Choices[Name][number] }

export interface Selected extends Trained {
  readonly choice: Choice
}

/** An untrained scorer; equal seeds give equal parameters. */
function createScorer({ scorer, activation }: Settings, { hidden }: Choice, width: number, seed: number): Scorer {
  const random = randomStream(seed, 'letor/initial')
  return scorer === 'linear' ? linearScorer(width, random) : mlpScorer(width, hidden, activation, random)
}

/** The loss at a multiple of its own softness; undefined when it has none, or none there. */
function withSoftness(loss: Loss, factor: number): Loss | undefined {
  if (factor === 1) return loss
  const own = softnessOf(loss.operator, loss.params)
  const params = own === undefined ? undefined : atSoftness(loss.operator, loss.params, own * factor)
  return params && { ...loss, params }
}

/** The order in which choices are made: what matters most first. */
const order = ['learningRate', 'softness', 'hidden', 'weightDecay'] as const satisfies readonly (keyof Choices)[]

/**
 * Trains from the first of all choices, then goes through them one kind after another and keeps the best by the validation
 * part, the one named first when they tie. Each training starts from the same untrained scorer (of its size).
 * @throws RankBenchError(value) when a choice makes loss or gradient infinite or NaN
 */
export function selectModel(
  parts: TrainingParts,
  loss: Loss,
  settings: Settings,
  { seed, precision }: { readonly seed: number; readonly precision: Precision },
): Selected {
  const attempt = (choice: Choice, softened: Loss): Selected => {
    const scorer = createScorer(settings, choice, parts.train.width, seed)
    const { learningRate, weightDecay } = choice
    const options = { ...settings.training, learningRate, weightDecay, seed, precision }
    return { ...train(parts, scorer, softened, options), choice }
  }
  const { choices } = settings
  const possible = { ...choices, softness: choices.softness.filter((factor) => withSoftness(loss, factor)) }
  if (possible.softness.length === 0) possible.softness = [1]
  const first: Choice = {
    learningRate: possible.learningRate[0],
    weightDecay: possible.weightDecay[0],
    softness: possible.softness[0],
    hidden: possible.hidden[0],
  }
  const run = (choice: Choice) => attempt(choice, withSoftness(loss, choice.softness)!)
  let best = run(first)
  for (const kind of order) {
    for (const value of possible[kind].slice(1)) {
      const next = run({ ...best.choice, [kind]: value })
      if (next.validation > best.validation) best = next
    }
  }
  return best
}
