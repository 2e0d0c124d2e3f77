import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { randomStream } from '../core/random.ts'
import { matrixLayer } from '../engine/matrix-layer.ts'
import { createAdam } from './adam.ts'
import { type Model, outputsOf } from './model.ts'
import {
  convolutionalLayers,
  heInitial,
  hiddenLayers,
  networkModel,
  publishedInitial,
  uniformInitial,
} from './network.ts'
import { plainMatrix } from './plain-matrix.ts'

const picture = { height: 9, width: 6, channels: 1 }
const size = { filters: [3, 4], hidden: 5 }
const random = (name: string) => randomStream(1, name)
const network = (precision: 'f32' | 'f64', outputs = 1) =>
  networkModel(convolutionalLayers(picture, size, precision, outputs), heInitial, random('initial'), precision)
const pictures = (rows: number, width = 54) => Float32Array.from({ length: rows * width }, random('pictures').uniform)

/** sum over outputs of all rows of (index + 1) times the output: every one has a slope of its own. */
function objective(model: Model, inputs: Float32Array, width = 54): { value: number; gradient: Float64Array } {
  const rows = inputs.length / width
  const outputs = new Float64Array(rows * model.outputs)
  model.forward(inputs, rows, outputs)
  const gradient = new Float64Array(model.parameters.length)
  const slopes = Float64Array.from(outputs, (_, i) => i + 1)
  model.backward(slopes, gradient)
  return { value: outputs.reduce((sum, output, i) => sum + (i + 1) * output, 0), gradient }
}

/** Held to differences in every parameter, kinks apart. */
function expectTrueGradient(model: Model, inputs: Float32Array, width: number): void {
  const { gradient } = objective(model, inputs, width)
  const step = 1e-6
  let judged = 0
  for (let k = 0; k < gradient.length; k++) {
    const at = (moved: number) => {
      const own = model.parameters[k]
      model.parameters[k] = own + moved
      const { value } = objective(model, inputs, width)
      model.parameters[k] = own
      return value
    }
    const [above, here, below] = [at(step), at(0), at(-step)]
    // At a kink of ReLU or of the maximum the slopes of both sides differ.
    if (Math.abs(above - 2 * here + below) > 1e-7) continue
    judged++
    expect(Math.abs((above - below) / (2 * step) - gradient[k])).toBeLessThan(1e-6 * (1 + Math.abs(gradient[k])))
  }
  expect(judged).toBeGreaterThan(0.9 * gradient.length)
}

describe('a layer of products', () => {
  test.each(['f32', 'f64'] as const)(
    'on the engine is what it is in plain TypeScript, all four passes (%s)',
    (precision) => {
      for (const [rows, inputs, outputs] of [
        [7, 25, 32],
        [12, 50, 20],
        [3, 1, 1],
        [5, 800, 64],
      ]) {
        const [fast, plain] = [
          matrixLayer({ rows, inputs, outputs }, precision)!,
          plainMatrix({ rows, inputs, outputs }),
        ]
        const draw = random('layer')
        const parameters = Float64Array.from({ length: (inputs + 1) * outputs }, draw.normal)
        for (const layer of [fast, plain]) {
          layer.load(parameters)
          const own = random('rows')
          for (const buffer of [layer.x, layer.yBar]) for (let k = 0; k < buffer.length; k++) buffer[k] = own.normal()
          layer.forward(rows)
          layer.backward(rows)
          layer.backwardInput(rows)
        }
        const near = precision === 'f32' ? 2e-4 : 1e-11
        for (const name of ['y', 'gradient', 'xBar'] as const) {
          let furthest = 0
          for (let k = 0; k < plain[name].length; k++)
            furthest = Math.max(furthest, Math.abs(plain[name][k] - fast[name][k]))
          expect(furthest).toBeLessThan(near * Math.sqrt(inputs))
        }
      }
    },
  )
})

describe('a convolutional network', () => {
  test.each([1, 3])('with %d outputs has the gradient that its differences have, in every kind of layer', (outputs) => {
    expectTrueGradient(network('f64', outputs), pictures(4), 54)
  })
  test('gives a row the same answer whatever stands beside it, block by block', () => {
    const model = network('f32')
    const inputs = pictures(40)
    const together = outputsOf(model, inputs, 54)
    for (const i of [0, 13, 39]) {
      expect(outputsOf(model, inputs.slice(54 * i, 54 * (i + 1)), 54)[0]).toBe(together[i])
    }
  })
  test('whose filters stay within the picture has the gradient that its differences have', () => {
    const wide = { height: 18, width: 17, channels: 1 }
    const layers = hiddenLayers(wide, { filters: [2, 3], hidden: 4 }, 'f64', 'valid')
    // 14 x 13 and 7 x 6 pixels of two channels, 3 x 2 and 1 x 1 of three, the hidden layer.
    expect(layers.map(({ outputs }) => outputs)).toEqual([364, 84, 18, 3, 4, 4])
    expectTrueGradient(networkModel(layers, uniformInitial, random('initial'), 'f64'), pictures(3, 18 * 17), 18 * 17)
  })
  test('begins as PyTorch does where asked: uniform within 1 / sqrt(fan in), biases too', () => {
    const { parameters } = networkModel(convolutionalLayers(picture, size, 'f64'), uniformInitial, random('u'), 'f64')
    // Filters of 25 numbers, then of 75.
    const [first, second] = [parameters.subarray(0, 78), parameters.subarray(78, 382)]
    for (const [layer, bound] of [
      [first, 1 / 5],
      [second, 1 / Math.sqrt(75)],
    ] as const) {
      const most = layer.reduce((top, value) => Math.max(top, Math.abs(value)), 0)
      expect(most).toBeLessThanOrEqual(bound)
      expect(most).toBeGreaterThan(0.9 * bound)
    }
  })
  test('puts out as many numbers a row as it is told, row after row', () => {
    const model = network('f64', 3)
    const inputs = pictures(4)
    const together = outputsOf(model, inputs, 54)
    expect(together.length).toBe(12)
    expect(outputsOf(model, inputs.slice(54, 108), 54)).toEqual(together.slice(3, 6))
    expect(new Set(together).size).toBe(12)
  })
  test('that halves a picture to nothing is refused', () => {
    expect(() => convolutionalLayers(picture, { filters: [1, 1, 1], hidden: 2 }, 'f64')).toThrow(
      '3 convolutions leave nothing of pictures of 9 x 6',
    )
  })
  test('in f32 is that in f64 but for rounding', () => {
    const inputs = pictures(3)
    const [single, double] = (['f32', 'f64'] as const).map((precision) => objective(network(precision), inputs))
    expect(Math.abs(single.value - double.value)).toBeLessThan(1e-4)
    single.gradient.forEach((slope, k) => {
      expect(Math.abs(slope - double.gradient[k])).toBeLessThan(1e-3 * (1 + Math.abs(double.gradient[k])))
    })
  })
  test('begins as published where asked: truncated normal of deviation 0.1, biases 0.1', () => {
    const { parameters } = networkModel(convolutionalLayers(picture, size, 'f64'), publishedInitial, random('p'), 'f64')
    expect(parameters.every((value) => Math.abs(value) <= 0.2)).toBe(true)
    expect(parameters.subarray(75, 78)).toEqual(Float64Array.of(0.1, 0.1, 0.1))
    const deviation = Math.sqrt(parameters.subarray(78, 378).reduce((sum, value) => sum + value ** 2, 0) / 300)
    // A normal that is cut at two deviations has one of .88.
    expect(deviation).toBeGreaterThan(0.08)
    expect(deviation).toBeLessThan(0.096)
  })
})

const python = join(homedir(), '.cache/rank-bench/peers/venv/bin/python')
const torch = existsSync(python) && spawnSync(python, ['-c', 'import torch']).status === 0
if (!torch)
  console.log('skipped: PyTorch is not installed (rank-bench peers install): a training step is not held to it')

/** One step of Adam on the sum of squares of the outputs, in float64. Reads parameters and pictures, answers with the parameters after it. */
const theirs = `
import json, sys, torch
given = json.load(sys.stdin)
p = torch.tensor(given["parameters"], dtype=torch.float64)
at = 0
def take(*shape):
    global at
    n = 1
    for s in shape: n *= s
    part = p[at:at + n].reshape(*shape).clone().requires_grad_()
    at += n
    return part
# Ours are (patch, filters), a patch being row, column, channel.
def conv(channels, filters): return take(25 * channels, filters), take(filters)
layers = [conv(1, 3), conv(3, 4), (take(2 * 1 * 4, 5), take(5)), (take(5, 1), take(1))]
x = torch.tensor(given["pictures"], dtype=torch.float64).reshape(-1, 1, 9, 6)
for w, b in layers[:2]:
    filters = w.reshape(5, 5, -1, w.shape[1]).permute(3, 2, 0, 1)
    x = torch.nn.functional.conv2d(x, filters, b, padding=2)
    x = torch.nn.functional.max_pool2d(torch.relu(x), 2)
x = x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)
x = torch.relu(x @ layers[2][0] + layers[2][1]) @ layers[3][0] + layers[3][1]
flat = [t for layer in layers for t in layer]
(x ** 2).sum().backward()
torch.optim.Adam(flat, lr=0.01).step()
print(json.dumps(torch.cat([t.detach().reshape(-1) for t in flat]).tolist()))
`

test.skipIf(!torch)(
  'one training step is that of PyTorch to 1e-5',
  () => {
    const model = network('f64')
    const inputs = pictures(6)
    const given = JSON.stringify({ parameters: Array.from(model.parameters), pictures: Array.from(inputs) })
    const { stdout, stderr } = spawnSync(python, ['-c', theirs], { input: given, encoding: 'utf8' })
    expect(stderr).not.toMatch(/Error/)
    const outputs = new Float64Array(6)
    model.forward(inputs, 6, outputs)
    const gradient = new Float64Array(model.parameters.length)
    model.backward(
      outputs.map((output) => 2 * output),
      gradient,
    )
    createAdam(gradient.length, 0.01, 0).step(model.parameters, gradient)
    const after = JSON.parse(stdout) as number[]
    expect(after.length).toBe(model.parameters.length)
    after.forEach((value, k) => {
      expect(Math.abs(value - model.parameters[k])).toBeLessThan(1e-5)
    })
  },
  60_000,
)
