import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { createAdam } from './adam.ts'
import type { Batch, Batches } from './batches.ts'
import { linearModel } from './linear.ts'
import { type LossAt, startTraining } from './loop.ts'
import { mlpModel } from './mlp.ts'
import { type Model, outputsOf } from './model.ts'

type Task<Each extends Batch> = Parameters<typeof startTraining<Each>>[0]

const width = 3
const random = (name: string) => randomStream(1, name)

/** Rows whose target is x_1 - 2 x_2; neither queries nor images. */
function rowsOf(rows: number, name: string) {
  const inputs = Float32Array.from({ length: rows * width }, random(name).normal)
  const targets = Float64Array.from({ length: rows }, (_, i) => inputs[i * width] - 2 * inputs[i * width + 1])
  return { inputs, targets }
}

interface Example extends Batch {
  readonly targets: Float64Array
}

/** The same 40 rows again and again, 8 at a time. */
function examples(): Batches<Example> {
  const { inputs, targets } = rowsOf(40, 'train')
  let at = 0
  return {
    largest: 8,
    next() {
      const from = (8 * at++) % 40
      return {
        inputs: inputs.subarray(from * width, (from + 8) * width),
        targets: targets.subarray(from, from + 8),
        rows: 8,
      }
    },
  }
}

const squared = (outputs: Float64Array, { targets }: Example): LossAt => {
  const differences = outputs.map((output, i) => output - targets[i])
  return {
    value: differences.reduce((sum, d) => sum + d * d, 0) / outputs.length,
    gradient: differences.map((d) => (2 * d) / outputs.length),
  }
}

const unseen = rowsOf(30, 'unseen')
const error = (model: Model) =>
  outputsOf(model, unseen.inputs, width).reduce((sum, output, i) => sum + (output - unseen.targets[i]) ** 2, 0) / 30

function task(given: Partial<Task<Example>> = {}, rate = 0.05, decay = 0): Task<Example> {
  const model = given.model ?? linearModel(width, random('model'))
  return {
    model,
    batches: examples(),
    loss: squared,
    judge: (judged) => -error(judged),
    optimiser: createAdam(model.parameters.length, rate, decay),
    check: 5,
    patience: 1000,
    ...given,
  }
}

describe('a training', () => {
  test.each([
    ['linear', () => linearModel(width, random('model')), 0.001],
    ['mlp', () => mlpModel(width, [8], 'tanh', random('model')), 0.5],
  ])('teaches the %s model a task that it can express', (_name, create, left) => {
    const model = create()
    expect(error(model)).toBeGreaterThan(2)
    const training = startTraining(task({ model }))
    training.advance(1000)
    expect(-training.best.value).toBeLessThan(left)
  })
  test('is judged before the first step and after every `check` of them', () => {
    const training = startTraining(task())
    training.advance(17)
    expect({ step: training.step, judged: training.judgements.length, losses: training.losses.length }).toEqual({
      step: 17,
      judged: 1 + 3,
      losses: 3,
    })
  })
  test('that is advanced in parts is the one that is advanced at once', () => {
    const [parts, once] = [startTraining(task()), startTraining(task())]
    for (const to of [3, 10, 10, 24, 60]) parts.advance(to)
    once.advance(60)
    expect(parts.judgements).toEqual(once.judgements)
    expect(parts.best).toEqual(once.best)
  })
  test('keeps the parameters of its best judgement, not of the last', () => {
    let looks = 0
    const seen: Float64Array[] = []
    const judge = (model: Model) => {
      seen.push(model.parameters.slice())
      return [0, 1, 5, 5, 2][looks++]
    }
    const training = startTraining(task({ judge }))
    training.advance(20)
    expect({ value: training.best.value, step: training.best.step }).toEqual({ value: 5, step: 10 })
    expect(training.best.parameters).toEqual(seen[2])
    expect(training.best.parameters).not.toEqual(seen[3])
  })
  test('stops when patience has passed without a better judgement', () => {
    let looks = 0
    const training = startTraining(task({ judge: () => [0, 1, 2][looks++] ?? 1, patience: 20 }))
    training.advance(500)
    expect({ end: training.end, step: training.step, best: training.best.step }).toEqual({
      end: { kind: 'patience' },
      step: 30,
      best: 10,
    })
    training.advance(600)
    expect(training.step).toBe(30)
  })
  test('goes on while nothing is better than the untrained model', () => {
    const training = startTraining(task({ judge: () => 0, patience: 10 }))
    training.advance(100)
    expect({ end: training.end, step: training.step, best: training.best.step }).toEqual({
      end: undefined,
      step: 100,
      best: 0,
    })
  })
  test('ends where the loss is not finite, and keeps what was best before', () => {
    let calls = 0
    const loss = (outputs: Float64Array, batch: Example) =>
      ++calls > 12 ? { value: Number.NaN, gradient: outputs } : squared(outputs, batch)
    const training = startTraining(task({ loss }))
    training.advance(100)
    expect(training.end).toEqual({ kind: 'diverged', what: 'loss is NaN', step: 13 })
    expect(training.best.step).toBe(10)
  })
  test('ends where the gradient is not finite under a finite loss', () => {
    const loss = (outputs: Float64Array) => ({ value: 1, gradient: outputs.map(() => Number.POSITIVE_INFINITY) })
    const training = startTraining(task({ loss }))
    training.advance(100)
    expect(training.end).toMatchObject({ kind: 'diverged', step: 1 })
    expect((training.end as { what: string }).what).toMatch(/^gradient is (-?Infinity|NaN)$/)
  })
  test('under weight decay ends with smaller parameters', () => {
    const size = (decay: number) => {
      const training = startTraining(task({}, 0.05, decay))
      training.advance(400)
      return Math.hypot(...training.best.parameters)
    }
    expect(size(1)).toBeLessThan(0.8 * size(0))
  })
})
