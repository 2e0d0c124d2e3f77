import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { OpenNetwork } from '../../core/network.ts'
import { randomStream } from '../../core/random.ts'
import { outputsOf } from '../../train/model.ts'
import { computedModel, convolutionalLayers, heInitial, networkModel } from '../../train/network.ts'

const python = process.env.RANK_BENCH_TORCH_PYTHON ?? join(homedir(), '.cache/rank-bench/peers/venv/bin/python')
const torch = existsSync(python) && spawnSync(python, ['-c', 'import torch']).status === 0
if (!torch)
  console.log('skipped: PyTorch is not installed (rank-bench peers install torch): its network is not held to ours')

// Its thread is a module of the package as it is built.
const built = new URL('../../../dist/systems/python/network.js', import.meta.url).href
const opened = async (interpreter: string): Promise<OpenNetwork> =>
  ((await import(built)) as typeof import('./network.ts')).openNetworks(interpreter)

const picture = { height: 9, width: 6, channels: 1 }
const size = { filters: [3, 4], hidden: 5 }
const begin = () => randomStream(1, 'network')

test.skipIf(!torch)(
  'a network in PyTorch has the outputs and the gradients of ours',
  async () => {
    const draw = randomStream(2, 'pictures')
    const inputs = Float32Array.from({ length: 130 * 54 }, () => draw.uniform())
    const mine = networkModel(convolutionalLayers(picture, size, 'f64'), heInitial, begin(), 'f64')
    const theirs = computedModel(picture, size, 1, heInitial, begin(), await opened(python))
    expect(theirs.parameters).toEqual(mine.parameters)
    const alone = [mine, theirs].map((model) => outputsOf(model, inputs, 54))
    alone[0].forEach((output, i) => {
      expect(Math.abs(output - alone[1][i])).toBeLessThan(1e-4 * (1 + Math.abs(output)))
    })
    const [own, other] = [mine, theirs].map((model) => {
      const outputs = new Float64Array(7)
      model.forward(inputs, 7, outputs)
      const gradient = new Float64Array(model.parameters.length)
      model.backward(
        outputs.map((output, i) => output - i),
        gradient,
      )
      return gradient
    })
    const largest = own.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0)
    own.forEach((slope, k) => {
      expect(Math.abs(slope - other[k])).toBeLessThan(1e-5 * largest)
    })
  },
  120_000,
)

test('an interpreter without PyTorch is named', async () => {
  const open = await opened(process.execPath)
  expect(() => open({ ...picture, ...size, outputs: 1 })).toThrow(/the peer process exited/)
})
