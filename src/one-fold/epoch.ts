/** How long one epoch of training takes on a fold. */

import type { Fold } from '../core/dataset.ts'
import { executed, type OperatorSpec } from '../core/method.ts'
import { randomStream } from '../core/random.ts'
import { createMinibatches, lossOf } from '../experiments/letor/minibatches.ts'
import { createAdam } from '../train/adam.ts'
import { linearModel } from '../train/linear.ts'
import { startTraining } from '../train/loop.ts'
import { type Tell, told } from './step.ts'

/** Seconds of one epoch: the second one, so that the first touch of the data is not in it. */
export async function epochSeconds({ train }: Fold, loss: OperatorSpec, tell: Tell): Promise<number> {
  const operator = executed(loss, { engine: 'fast' })
  const minibatches = createMinibatches(train, 16, operator, { reduction: 'mean' }, 'f64', randomStream(1, 'lists'))
  const model = linearModel(train.width, randomStream(1, 'data-scale'))
  const training = startTraining({
    model,
    batches: minibatches.stream(randomStream(1, 'orders')),
    loss: lossOf,
    judge: () => 0,
    optimiser: createAdam(model.parameters.length, 0.001, 0),
    check: minibatches.count,
    patience: 3 * minibatches.count,
  })
  training.advance(minibatches.count)
  const second = await told(tell, 'training the second epoch of a linear ListNet', () =>
    training.advance(2 * minibatches.count),
  )
  minibatches.dispose()
  return second.seconds
}
