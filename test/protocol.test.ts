/** What docs, config and committed run say about the field of losses, and about protocols of others, is one and the same thing. */

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Cell } from '../src/core/cell.ts'
import { resolveParams } from '../src/core/params.ts'
import { type Catalogue, resolveOne } from '../src/core/selector.ts'
import { letor } from '../src/experiments/letor/experiment.ts'
import { asPublished } from '../src/experiments/speed/as-published.ts'

const catalogue: Catalogue = new Map([['letor', letor.params]])
const paramsOf = (selector: string) => resolveOne(selector, catalogue, 'experiment').params

interface Suite {
  readonly experiment: string
  readonly methods?: readonly string[]
  readonly datasets: readonly string[]
  readonly seeds?: readonly number[]
}

interface Field {
  readonly params: object
  readonly seeds: readonly number[]
}

const config = JSON.parse(readFileSync('configs/standard.json', 'utf8')) as {
  description: string
  suites: readonly Suite[]
}
const suites = config.suites.filter(({ experiment }) => experiment.startsWith('letor'))
const run = JSON.parse(readFileSync('results/letor/run.json', 'utf8')) as { cells: readonly { cell: Cell }[] }
const cells = run.cells.map(({ cell }) => cell).filter(({ experiment }) => experiment.name === 'letor')

const inConfig: Field[] = suites.map(({ experiment, seeds }) => ({ params: paramsOf(experiment), seeds: seeds! }))
const inDocs: Field[] = [
  ...readFileSync('docs/reproduction.md', 'utf8').matchAll(/^(letor\[.*\]) seeds ([\d ]+)$/gm),
].map(([, experiment, seeds]) => ({ params: paramsOf(experiment), seeds: seeds.split(' ').map(Number) }))
const seedsOf = (params: string): number[] =>
  cells.filter(({ experiment }) => JSON.stringify(experiment.params) === params).map(({ seed }) => seed)
const inRun: Field[] = [...new Set(cells.map(({ experiment }) => JSON.stringify(experiment.params)))].map((params) => ({
  params: JSON.parse(params),
  seeds: [...new Set(seedsOf(params))].sort(),
}))

describe('the field of losses', () => {
  test('is in the docs what it is in the config', () => {
    expect(inDocs.length).toBe(2)
    expect(inDocs).toEqual(inConfig)
  })
  test('is in the committed run what it is in the config', () => {
    expect(inRun).toEqual(expect.arrayContaining(inConfig))
    expect(inRun.length).toBe(inConfig.length)
  })
  test('was run with every loss, data set, fold and seed of the config', () => {
    const planned = suites.flatMap(({ methods, datasets, seeds }) =>
      methods!.flatMap((method) => datasets.flatMap((dataset) => seeds!.map((seed) => `${method} ${dataset} ${seed}`))),
    )
    const label = ({ method, dataset, seed }: Cell) =>
      `${method.name}${method.name === 'loss:ordinal' ? `[levels=${method.params.levels}]` : ''} ${dataset.name} ${seed}`
    expect(cells.map(label).sort()).toEqual(planned.flatMap((text) => Array(5).fill(text)).sort())
  })
  test('is the default of the experiment, so that a claim of a paper is compared with it', () => {
    for (const { params } of inConfig) {
      const { scorer } = params as { scorer: string }
      expect(params).toEqual(resolveParams(letor.params, { scorer }, 'letor'))
    }
  })
  test('is described by the numbers it has', () => {
    const { trials, steps } = letor.params
    expect(config.description).toContain(`the same ${trials.default} trials`)
    expect(config.description).toContain(`${steps.default} steps`)
    expect(inConfig.map(({ seeds }) => seeds.length)).toEqual([5, 5])
    expect(config.description).toContain('linear and MLP scorers with five seeds each')
  })
})

describe('the protocols by which peers are timed', () => {
  const scripts = JSON.parse(readFileSync('configs/peers-theirs.json', 'utf8')) as { suites: readonly Suite[] }
  const protocolOf = (experiment: string) => /^speed-as-published\[protocol=([\w.-]+)\]$/.exec(experiment)?.[1]
  const inConfig = [...new Set(scripts.suites.flatMap(({ experiment }) => protocolOf(experiment) ?? []))]
  const docs = readFileSync('docs/peers.md', 'utf8')
  const [, table] = docs.split('| protocol | script |')
  const inDocs = [...table.split('\n\n')[0].matchAll(/^\| ([\w.-]+) \| `/gm)].map(([, name]) => name)
  const stored = 'results/peers-theirs/run.json'
  const wasRun = existsSync(stored)
  if (!wasRun) console.log(`skipped: protocols of the committed run, because there is no ${stored}`)
  const { choices } = asPublished.params.protocol as { choices: readonly string[] }

  test('are in config and docs those that the experiment has', () => {
    expect(inConfig.length).toBe(5)
    expect(inDocs).toEqual(choices)
    expect(inConfig).toEqual(choices)
  })
  test.skipIf(!wasRun)('are in the committed run those that the experiment has', () => {
    const { cells: planned } = JSON.parse(readFileSync(stored, 'utf8')) as { cells: readonly { cell: Cell }[] }
    const inRun = planned.map(({ cell }) => String(cell.experiment.params.protocol ?? ''))
    expect([...new Set(inRun)].filter((name) => name !== '')).toEqual(choices)
  })
  test('measure every cell by ours too', () => {
    const cellsBy = (isTheirs: boolean) =>
      scripts.suites
        .filter(({ experiment }) => (protocolOf(experiment) !== undefined) === isTheirs)
        .flatMap(({ methods, datasets }) => methods!.flatMap((method) => datasets.map((data) => `${method} ${data}`)))
    expect(cellsBy(false).sort()).toEqual(cellsBy(true).sort())
  })
})
