/**
 * Training with a budget of steps. The trainer sees a model, batches, a loss of outputs and a judge, and knows neither
 * queries nor images. What it is never handed, such as a test part, it cannot select on.
 */

import type { Keeper } from '../core/keeper.ts'
import { mean } from '../stats/mean.ts'
import type { Batch, Batches } from './batches.ts'
import { decodeState, encodeState } from './checkpoint.ts'
import type { Model } from './model.ts'
import type { Optimiser } from './optimiser.ts'

/** Value of the loss on a batch and its gradient in the outputs of the model. */
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
  readonly optimiser: Optimiser
  /** Steps between two judgements. */
  readonly check: number
  /**
   * Steps without a better judgement after which training is over; they count once the untrained model is beaten, since
   * some losses have to find the level of the labels first.
   */
  readonly patience: number
  /** Keeps its state every so many steps, and goes on from one that was kept; its batches are a function of the step. */
  readonly checkpoints?: { readonly every: number; readonly keeper: Keeper }
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

/** Its loss or gradient left the finite numbers. */
export const isDiverged = ({ end }: Training): boolean => end?.kind === 'diverged'

/** The first number that is NaN or infinite. */
function notFinite(numbers: ArrayLike<number>): number | undefined {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return numbers[i]
  return undefined
}

/** One step, unless loss or gradient is not finite. @returns the loss, or what was not finite */
function createStep<B extends Batch>({ model, batches, loss, optimiser }: Task<B>): (step: number) => number | string {
  const gradient = new Float64Array(model.parameters.length)
  const room = new Float64Array(batches.largest * model.outputs)
  return (step) => {
    const batch = batches.next(step)
    const outputs = room.subarray(0, batch.rows * model.outputs)
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

/** What a training has come to. */
interface Progress {
  step: number
  best: Best
  readonly judgements: number[]
  readonly losses: number[]
  /** Losses since the last judgement. */
  readonly recent: number[]
}

/** A training that begins: judged once, at step 0. */
const beginning = <B extends Batch>({ model, judge }: Task<B>): Progress => {
  const value = judge(model)
  return {
    step: 0,
    best: { value, step: 0, parameters: model.parameters.slice() },
    judgements: [value],
    losses: [],
    recent: [],
  }
}

function kept<B extends Batch>({ model, optimiser }: Task<B>, progress: Progress): Uint8Array {
  const { step, best, judgements, losses, recent } = progress
  return encodeState({
    numbers: { step: [step], best: [best.value, best.step], judgements, losses, recent },
    arrays: [model.parameters, best.parameters, ...optimiser.state],
  })
}

/** Puts a kept state back. Undefined where there is none, or one of another model. */
function restored<B extends Batch>({ model, optimiser, checkpoints }: Task<B>): Progress | undefined {
  const bytes = checkpoints?.keeper.load()
  const state = bytes && decodeState(bytes)
  if (!state) return undefined
  const { numbers, arrays } = state
  const targets = [model.parameters, new Float64Array(model.parameters.length), ...optimiser.state]
  if (targets.length !== arrays.length || targets.some(({ length }, i) => length !== arrays[i].length)) return undefined
  targets.forEach((target, i) => {
    target.set(arrays[i])
  })
  const { step, best, judgements, losses, recent } = numbers
  return {
    step: step[0],
    best: { value: best[0], step: best[1], parameters: targets[1] },
    judgements: [...judgements],
    losses: [...losses],
    recent: [...recent],
  }
}

/** A training that stands at step 0, judged once; or where it was kept. */
export function startTraining<B extends Batch>(task: Task<B>): Training {
  const { model, judge, check, patience, checkpoints } = task
  const takeStep = createStep(task)
  const progress = restored(task) ?? beginning(task)
  const { judgements, losses, recent } = progress
  let end: End | undefined
  const endWithPatience = () => {
    const { best, step } = progress
    if (best.step > 0 && step - best.step >= patience) end = { kind: 'patience' }
  }
  // Kept at a judgement that was the last.
  if (progress.step % check === 0) endWithPatience()
  const look = () => {
    const value = judge(model)
    judgements.push(value)
    losses.push(mean(recent.splice(0)))
    if (value > progress.best.value)
      progress.best = { value, step: progress.step, parameters: model.parameters.slice() }
    else endWithPatience()
  }
  return {
    get best() {
      return progress.best
    },
    get step() {
      return progress.step
    },
    get end() {
      return end
    },
    judgements,
    losses,
    advance(to) {
      while (progress.step < to && end === undefined) {
        const loss = takeStep(progress.step)
        progress.step++
        if (typeof loss === 'string') {
          end = { kind: 'diverged', what: loss, step: progress.step }
          return
        }
        recent.push(loss)
        if (progress.step % check === 0) look()
        if (checkpoints && progress.step % checkpoints.every === 0) checkpoints.keeper.save(kept(task, progress))
      }
    },
  }
}
