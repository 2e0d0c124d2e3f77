/**
 * Training with a budget of steps. The trainer sees a model, batches, a loss of outputs and a judge, and knows neither
 * queries nor images. What it is never handed, such as a test part, it cannot select on.
 */

import { mean } from '../stats/mean.ts'
import type { Adam } from './adam.ts'
import type { Batch, Batches } from './batches.ts'
import type { Model } from './model.ts'

/** Value of the loss on a batch and its gradient, one entry an output. */
export interface LossAt {
  readonly value: number
  readonly gradient: ArrayLike<number>
}

interface Task<B extends Batch> {
  readonly model: Model
  readonly batches: Batches<B>
  readonly loss: (outputs: Float64Array, batch: B) => LossAt
  /** How good the model is, on data that is not trained on; larger is better. */
  readonly judge: (model: Model) => number
  readonly optimiser: Adam
  /** Steps between two judgements. */
  readonly check: number
  /**
   * Steps without a better judgement after which training is over; they count once the untrained model is beaten, since
   * some losses have to find the level of the labels first.
   */
  readonly patience: number
}

interface Best {
  readonly value: number
  /** 0 is the untrained model. */
  readonly step: number
  readonly parameters: Float64Array
}

/** `diverged`: loss or gradient was not finite at that step. */
type End = { readonly kind: 'patience' } | { readonly kind: 'diverged'; readonly what: string; readonly step: number }

export interface Training {
  /** The best judgement so far, the earlier one of equals. */
  readonly best: Best
  /** Steps taken. */
  readonly step: number
  /** Why there will be no more steps; undefined while there may be. */
  readonly end: End | undefined
  /** Judgement after every `check` steps, the untrained model's first. */
  readonly judgements: readonly number[]
  /** Mean loss of the steps between judgements. */
  readonly losses: readonly number[]
  /** Goes on until that many steps have been taken in all, or training is over. */
  advance(to: number): void
}

/** The first number that is NaN or infinite. */
function notFinite(numbers: ArrayLike<number>): number | undefined {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return numbers[i]
  return undefined
}

/** One step, unless loss or gradient is not finite. @returns the loss, or what was not finite */
function createStep<B extends Batch>({ model, batches, loss, optimiser }: Task<B>): () => number | string {
  const gradient = new Float64Array(model.parameters.length)
  const room = new Float64Array(batches.largest)
  return () => {
    const batch = batches.next()
    const outputs = room.subarray(0, batch.rows)
    model.forward(batch.inputs, batch.rows, outputs)
    const { value, gradient: slope } = loss(outputs, batch)
    if (!Number.isFinite(value)) return `loss is ${value}`
    gradient.fill(0)
    model.backward(slope, gradient)
    const wrong = notFinite(gradient)
    if (wrong !== undefined) return `gradient is ${wrong}`
    optimiser.step(model.parameters, gradient)
    return value
  }
}

/** A training that stands at step 0, judged once. */
export function startTraining<B extends Batch>(task: Task<B>): Training {
  const { model, judge, check, patience } = task
  const takeStep = createStep(task)
  const [judgements, losses, recent]: [number[], number[], number[]] = [[], [], []]
  let step = 0
  let end: End | undefined
  const judged = (): Best => ({ value: judge(model), step, parameters: model.parameters.slice() })
  let best = judged()
  judgements.push(best.value)
  const look = () => {
    const now = judged()
    judgements.push(now.value)
    losses.push(mean(recent.splice(0)))
    if (now.value > best.value) best = now
    else if (best.step > 0 && step - best.step >= patience) end = { kind: 'patience' }
  }
  return {
    get best() {
      return best
    },
    get step() {
      return step
    },
    get end() {
      return end
    },
    judgements,
    losses,
    advance(to) {
      while (step < to && end === undefined) {
        const loss = takeStep()
        step++
        if (typeof loss === 'string') {
          end = { kind: 'diverged', what: loss, step }
          return
        }
        recent.push(loss)
        if (step % check === 0) look()
      }
    },
  }
}
