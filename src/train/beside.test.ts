import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { beside } from './beside.ts'
import { linearModel } from './linear.ts'
import { outputsOf } from './model.ts'
import { convolutionalLayers, heInitial, networkModel } from './network.ts'

const picture = { height: 4, width: 4, channels: 1 }
const inputs = Float32Array.from({ length: 48 }, randomStream(1, 'inputs').normal)
const models = () => [
  linearModel(16, randomStream(1, 'linear')),
  networkModel(
    convolutionalLayers(picture, { filters: [2], hidden: 3 }, 'f64', 2),
    heInitial,
    randomStream(1, 'n'),
    'f64',
  ),
]

describe('models side by side', () => {
  test('put out what each of them puts out, row by row', () => {
    const [linear, network] = models().map((model) => outputsOf(model, inputs, 16))
    const both = outputsOf(beside(models()), inputs, 16)
    expect(Array.from(both)).toEqual([0, 1, 2].flatMap((i) => [linear[i], network[2 * i], network[2 * i + 1]]))
  })
  test('have the gradients of each, one after the other, at parameters that were moved from outside', () => {
    const [own, both] = [models(), beside(models())]
    for (const model of [...own, both]) for (let k = 0; k < model.parameters.length; k++) model.parameters[k] *= 1.5
    const slopes = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9)
    const room = (length: number) => new Float64Array(length)
    own.forEach((model) => {
      model.forward(inputs, 3, room(3 * model.outputs))
    })
    both.forward(inputs, 3, room(9))
    const expected = own.map(({ parameters }) => room(parameters.length))
    own[0].backward([1, 4, 7], expected[0])
    own[1].backward([2, 3, 5, 6, 8, 9], expected[1])
    const found = room(both.parameters.length)
    both.backward(slopes, found)
    expect(Array.from(found)).toEqual(expected.flatMap((each) => Array.from(each)))
    expect(expected[1].some((slope) => slope !== 0)).toBe(true)
  })
})
