import { describe, expect, test } from 'vitest'
import type { Keeper } from '../core/keeper.ts'
import { randomStream } from '../core/random.ts'
import { createAdam } from './adam.ts'
import { decodeState, encodeState } from './checkpoint.ts'
import { linearModel } from './linear.ts'
import { startTraining } from './loop.ts'
import { createSgd } from './sgd.ts'

describe('a state as bytes', () => {
  const state = { numbers: { step: [3], curve: [0.5, Number.NEGATIVE_INFINITY] }, arrays: [Float64Array.of(1, -2.5)] }
  test('comes back as it was, infinities included', () => {
    expect(decodeState(encodeState(state))).toEqual(state)
    // As files are read.
    expect(decodeState(Buffer.concat([encodeState(state)]))).toEqual(state)
  })
  test('that is cut short, or is no state, is none', () => {
    const bytes = encodeState(state)
    expect(decodeState(bytes.subarray(0, bytes.length - 1))).toBeUndefined()
    expect(decodeState(new Uint8Array(0))).toBeUndefined()
    expect(decodeState(new TextEncoder().encode('not a state\n'))).toBeUndefined()
  })
})

/** A keeper in memory that counts. */
function memory(first?: Uint8Array): Keeper & { readonly saved: Uint8Array[] } {
  const saved = first ? [first] : []
  return { saved, load: () => saved.at(-1), save: (state) => void saved.push(state.slice()) }
}

function training(keeper: Keeper, optimiser: 'adam' | 'sgd', stepsSeen: number[] = []) {
  const model = linearModel(3, randomStream(1, 'model'))
  const length = model.parameters.length
  return {
    model,
    training: startTraining({
      model,
      batches: {
        largest: 8,
        next(step = 0) {
          stepsSeen.push(step)
          const random = randomStream(1, `step ${step}`)
          return { rows: 8, inputs: Float32Array.from({ length: 24 }, random.normal) }
        },
      },
      loss(outputs, { inputs }) {
        const differences = outputs.map((output, i) => output - inputs[3 * i])
        return { value: differences.reduce((sum, d) => sum + d * d, 0) / 8, gradient: differences.map((d) => d / 4) }
      },
      judge: ({ parameters }) => -Math.abs(parameters[0] - 1),
      optimiser: optimiser === 'adam' ? createAdam(length, 0.05, 0) : createSgd(length, 0.02, 0.9, 0.001),
      check: 7,
      patience: 1000,
      checkpoints: { every: 5, keeper },
    }),
  }
}

describe('a training that is taken up again', () => {
  test.each(['adam', 'sgd'] as const)('ends where one that was never stopped ends, bit for bit (%s)', (optimiser) => {
    const whole = training(memory(), optimiser)
    whole.training.advance(40)
    const keeper = memory()
    training(keeper, optimiser).training.advance(23)
    const seen: number[] = []
    const resumed = training(keeper, optimiser, seen)
    // 23 steps were taken, and 20 kept.
    expect(resumed.training.step).toBe(20)
    resumed.training.advance(40)
    expect(seen[0]).toBe(20)
    expect(Array.from(resumed.model.parameters)).toEqual(Array.from(whole.model.parameters))
    expect(resumed.training.judgements).toEqual(whole.training.judgements)
    expect(resumed.training.losses).toEqual(whole.training.losses)
    expect(resumed.training.best).toEqual(whole.training.best)
  })
  test('starts over from a state of another model, or a damaged one', () => {
    const keeper = memory()
    training(keeper, 'adam').training.advance(10)
    expect(training(memory(keeper.saved[0].subarray(3)), 'adam').training.step).toBe(0)
    expect(training(memory(keeper.saved[0]), 'sgd').training.step).toBe(0)
  })
})
