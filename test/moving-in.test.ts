/**
 * What has to be touched when something new moves in: each newcomer is put into a copy of the sources with exactly the files and
 * lines that are said here, the copy is built, and its command line shows it in a table.
 *
 * A peer is one Python file (test/bare.test.ts), an experiment with table and picture of a plug-in one module
 * (test/plugin.test.ts).
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { build, changedBy, copyHouse, faulty, foldersOf, inCopy, moveIn, type Newcomer } from './house/moving-in.ts'

const experiment: Newcomer = {
  files: {
    'experiments/halves/experiment.ts': `/** How large is the upper half of an output, beside the lower one? */

import type { Experiment } from '../../core/experiment.ts'
import { operatorInputs } from '../../probe/operator-inputs.ts'
import { operatorCells } from '../operator-cells.ts'

export const halves: Experiment = {
  name: 'halves',
  version: 1,
  question: 'How large is the upper half of an output?',
  params: {},
  measures: { 'halves.share': { unit: '1', better: 'neither', meaning: 'share of the upper half in the sum' } },
  takes: { operators: ['rank'], data: 'lists' },
  timed: false,
  plan: (scope) => operatorCells(scope),
  async run(cell, bench) {
    const { shape, values } = operatorInputs(bench.dataset(cell.dataset), cell)
    const plan = bench.operator(cell.method).plan(shape, cell.method.params, cell.precision)
    plan.values.set(values[0])
    plan.forward()
    const sorted = Array.from(plan.output).sort((a, b) => a - b)
    const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
    const value = sum(sorted.slice(sorted.length >> 1)) / sum(sorted)
    plan.dispose()
    return [{ metric: 'halves.share', unit: '1', better: 'neither', value }]
  },
  report: async () => (await import('./report.ts')).reporter,
}
`,
    'experiments/halves/report.ts': `/** A table and a picture. */

import type { Reporter } from '../../core/report.ts'
import { draw, Plot, palette } from '../../report/plot.ts'
import { figures, present } from '../../report/sections.ts'
import { left, right, text } from '../../report/table.ts'
import { entriesOf, methodLabel, observation, type RunData } from '../../results/view.ts'

const found = (run: RunData) =>
  entriesOf(run, 'halves').flatMap(({ cell, result }) => {
    const share = observation(result, 'halves.share')?.value
    return share === undefined ? [] : [{ method: methodLabel(run, cell), share }]
  })

export const reporter: Reporter = {
  sections: (run) =>
    found(run).length === 0
      ? []
      : [
          ...present('main', {
            id: 'halves',
            title: 'The upper half of an output',
            about: [run.machine],
            columns: [left('method'), right('share')],
            rows: found(run).map(({ method, share }) => [text(method), { text: share.toFixed(3), data: share }]),
            notes: [],
          }),
          ...figures('main', async () => [
            draw('halves', 'The upper half', [[palette.blue, 'share']], {
              width: 300,
              height: 200,
              marks: [Plot.barX(found(run), { x: 'share', y: 'method' })],
            }),
          ]),
        ],
}
`,
  },
  lines: [
    {
      file: 'experiments/registry.ts',
      after: "import { fidelity } from './fidelity/experiment.ts'\n",
      line: "import { halves } from './halves/experiment.ts'\n",
    },
    { file: 'experiments/registry.ts', after: '  fidelity,\n', line: '  halves,\n' },
  ],
}

const loss = (name: string, variable: string, reference: string, kernels: string): string => `/** A loss of a test. */

import { defineMethod } from '../../../core/method.ts'
${reference}

export const ${variable} = defineMethod({
  name: '${name}',
  title: 'A loss of a test',
  citations: [],
  operators: {
    loss: lossOperator(
      { params: {}, growth: { forward: 'n^2', backward: 'n^2', memory: 'n' }, labels: 'any', promises: {} },
      (list) => make(list),
      [${kernels}],
    ),
  },
})
`

const registerLoss = (name: string, variable: string): Newcomer['lines'] => [
  {
    file: 'methods/registry.ts',
    after: "import { listnet } from './losses/listnet/method.ts'\n",
    line: `import { ${variable} } from './losses/${name}/method.ts'\n`,
  },
  { file: 'methods/registry.ts', after: '\n  listnet,\n', line: `  ${variable},\n` },
]

/** With a kernel of its own: sqrt(1 + (s - y)^2) - 1, summed over items. */
const ownKernel: Newcomer = {
  files: {
    'methods/losses/pseudo-huber/method.ts': loss(
      'pseudo-huber',
      'pseudoHuber',
      `import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator, type ScoredList } from '../../kit/loss-plan.ts'
import { pointwiseLoss } from '../../kit/pointwise.ts'

const root = (s: number, y: number): number => Math.sqrt(1 + (s - y) ** 2)
const make = (list: ScoredList) =>
  pointwiseLoss(list, {
    value: (s, y) => (s - y) ** 2 / (1 + root(s, y)),
    slope: (s, y) => (s - y) / root(s, y),
    bend: (s, y) => root(s, y) ** -3,
  })`,
      "lossVariant({ forward: 'pseudoHuber', set: {} })",
    ),
    'methods/losses/pseudo-huber/kernel.as.ts': `/** sqrt(1 + (s - y)^2) - 1, summed over the items of a list. */

import { num, put } from '../../../engine/library/task.as'
import { LossTask } from '../loss.as'

@unmanaged
export class PseudoHuberTask extends LossTask {}

export function pseudoHuber<T>(
  _task: PseudoHuberTask,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  gradient: usize,
): f64 {
  let sum: f64 = 0
  for (let i = 0; i < n; i++) {
    const d = num<T>(x, i) - num<T>(labels, i)
    const root = Math.sqrt(1 + d * d)
    const w = num<T>(weights, i)
    sum += (w * (d * d)) / (1 + root)
    put<f64>(gradient, i, (w * d) / root)
  }
  return sum
}
`,
  },
  lines: registerLoss('pseudo-huber', 'pseudoHuber'),
}

/** One more function of pairs in the kernel of pairwise losses: max(0, 1 - d)^2. */
const joinedKernel: Newcomer = {
  files: {
    'methods/losses/squared-hinge/method.ts': loss(
      'squared-hinge',
      'squaredHinge',
      `import { lossOperator, type ScoredList } from '../../kit/loss-plan.ts'
import { byFirstItem, pairLoss } from '../../kit/pair-loss.ts'
import { pairwiseKernels } from '../pairwise.ts'

const make = (list: ScoredList) =>
  pairLoss(
    list,
    {
      value: (d) => Math.max(0, 1 - d) ** 2,
      slope: (d) => -2 * Math.max(0, 1 - d),
      bend: (d) => (d < 1 ? 2 : 0),
    },
    byFirstItem(list),
  )`,
      "pairwiseKernels({ set: { phi: 'squaredHinge' } })",
    ),
  },
  lines: [
    ...registerLoss('squared-hinge', 'squaredHinge'),
    { file: 'methods/losses/pairwise.as.ts', after: '  hinge,\n  kendall,\n', line: '  squaredHinge,\n' },
    {
      file: 'methods/losses/pairwise.as.ts',
      after: '      slope = v128.and(counts, f64x2.splat(-1))\n',
      line: `    } else if (phi == PairFunction.squaredHinge) {
      const short = f64x2.pmax(zero, f64x2.sub(steepness, d))
      value = f64x2.mul(short, short)
      slope = f64x2.mul(f64x2.splat(-2), short)
`,
    },
  ],
}

/** Rows of angles, on which nothing that exists is defined; the compiler knows its type by its kind. */
const dataKind: Newcomer = {
  files: {
    'datasets/angles/kind.ts': `/** Angles on a circle. */

import type { DatasetBase, KindOfData } from '../../core/dataset.ts'

/** Angles of one draw, in radians. */
export interface AngleDataset extends DatasetBase {
  readonly kind: 'angles'
  draw(seed: number): Float64Array
}

declare module '../../core/dataset.ts' {
  interface DataKinds {
    angles: AngleDataset
  }
}

const circle: AngleDataset = {
  kind: 'angles',
  name: 'circle',
  title: 'angles on a circle',
  params: {},
  licence: 'generated',
  citation: '',
  digest: async () => 'circle, version 1',
  draw: (seed) => Float64Array.from({ length: 8 }, (_, i) => (seed * (i + 1)) % (2 * Math.PI)),
}

export const angles: KindOfData<AngleDataset> = {
  kind: 'angles',
  holds: 'angles',
  alwaysHere: ['circle'],
  datasets: [circle],
  laws: async (dataset) => {
    const beyond = dataset.draw(1).find((angle) => !(angle >= 0 && angle < 2 * Math.PI))
    return [{ law: 'on the circle', problems: beyond === undefined ? [] : [\`\${beyond} is no angle\`] }]
  },
}
`,
  },
  lines: [
    {
      file: 'datasets/registry.ts',
      after: "import { ranking } from './letor/kind.ts'\n",
      line: "import { angles } from './angles/kind.ts'\n",
    },
    { file: 'datasets/registry.ts', after: 'readonly KindOfData[] = [lists, ranking', line: ', angles' },
  ],
}

/** Takes and gives an entry an item, by item: everything else follows from its row. */
const operator: Newcomer = {
  files: {},
  lines: [
    {
      file: 'core/operators.ts',
      after: "  quantile: { output: 'row', by: 'none', unit: 'values', labels: false, hard: true },\n",
      line: "  spread: { output: 'item', by: 'item', unit: 'share', labels: false, hard: false },\n",
    },
  ],
}

/** A method that has it, as a plug-in: the distance of each value from the mean of its row. */
const methodWithIt = `export default ({ itemOperator }) => ({ methods: [{ name: 'centred', title: 'Distance from the mean', citations: [],
  operators: { spread: itemOperator(
    { params: {}, growth: { forward: 'n', backward: 'n', memory: 'n' }, gradient: 'exact', promises: { shift: 'stays' } },
    ({ x, y, yBar, xBar }) => {
      const centre = (from, to) => {
        const mean = from.reduce((sum, each) => sum + each, 0) / from.length
        for (let i = 0; i < from.length; i++) to[i] = from[i] - mean
      }
      return { forward: () => centre(x, y), backward: () => centre(yBar, xBar), push: (xDot, yDot) => centre(xDot, yDot) }
    }) } }] })
`

describe('what is touched', () => {
  test.each([
    ['an experiment with table and picture', experiment, 'experiments/halves', ['experiments/registry.ts']],
    ['a loss with a kernel', ownKernel, 'methods/losses/pseudo-huber', ['methods/registry.ts']],
    [
      'a loss that joins a kernel family',
      joinedKernel,
      'methods/losses/squared-hinge',
      ['methods/registry.ts', 'methods/losses/pairwise.as.ts'],
    ],
    ['a kind of data', dataKind, 'datasets/angles', ['datasets/registry.ts']],
  ] as const)('for %s is its folder, and %s', (_, newcomer, folder, changed) => {
    expect(foldersOf(newcomer)).toEqual([folder])
    expect(changedBy(newcomer)).toEqual(changed)
  })
  test('for an operator is its row', () => {
    expect(foldersOf(operator)).toEqual([])
    expect(operator.lines).toHaveLength(1)
  })
})

describe('a house with newcomers', () => {
  let house: string
  beforeAll(() => {
    house = copyHouse()
    for (const newcomer of [experiment, ownKernel, joinedKernel, dataKind, operator]) moveIn(house, newcomer)
    build(house)
  }, 300_000)

  test('runs the experiment, and reports its table and its picture', () => {
    const run = inCopy(
      house,
      'run',
      '-e',
      'halves',
      '-m',
      'rank:hard',
      '-d',
      'sorting[n=8]',
      '--out',
      'out',
      '--no-progress',
    )
    expect(run.out).toMatch(/The upper half of an output(.|\n)*rank:hard +0\.722/)
    inCopy(house, 'report', 'out', '--figures', 'figures')
    expect(readFileSync(join(house, 'figures/halves.svg'), 'utf8')).toMatch(/^<svg/)
  }, 60_000)

  test.each(['pseudo-huber', 'squared-hinge'])(
    'holds loss:%s to its laws, its kernel to its reference',
    (name) => {
      expect(inCopy(house, 'list', 'methods').out).toMatch(new RegExp(`loss:${name} .* kernels`))
      const { code, out } = inCopy(house, 'check', `loss:${name}`, '--rows', '100', '--no-progress')
      expect(out).toContain('broken: nothing')
      expect(out).toMatch(new RegExp(`loss:${name}.*`))
      expect(code).toBe(0)
      const run = ['-e', 'speed[beside=reference]', '-m', `loss:${name}`, '-d', 'sorting[n=8]', '--profile', 'quick']
      expect(inCopy(house, 'run', ...run, '--no-progress').out).toMatch(new RegExp(`loss:${name} .* reference .*x \\[`))
    },
    120_000,
  )

  test('lists the data set of the new kind, and checks it by the laws of that kind', () => {
    expect(inCopy(house, 'list', 'datasets').out).toMatch(/circle +angles on a circle/)
    const checked = inCopy(house, 'check', 'circle', '--no-progress')
    expect(checked.out).toMatch(/circle.*holds/)
    expect(checked.code).toBe(0)
  }, 60_000)

  test('computes, checks and times the new operator as soon as a method has it', () => {
    const plugin = ['--plugin', join(house, 'centred.mjs')]
    moveIn(house, { files: { '../centred.mjs': methodWithIt }, lines: [] })
    const applied = inCopy(house, 'apply', 'spread:centred', '--values', '[5,1,3]', '--json', ...plugin)
    expect(JSON.parse(applied.out).output).toEqual([2, -2, 0])
    expect(inCopy(house, 'check', 'spread:centred', '--rows', '50', '--no-progress', ...plugin).code).toBe(0)
    const run = ['-m', 'spread:centred', '-d', 'sorting[n=8]', '--profile', 'quick', '--no-progress']
    expect(inCopy(house, 'run', ...run, ...plugin).out).toMatch(/spread:centred +sorting/)
  }, 60_000)
})

describe('an operator that puts out what none did before', () => {
  test('is named by the compiler wherever it must be told what to do with it', () => {
    const house = copyHouse()
    expect(faulty(house)).toEqual([])
    moveIn(house, {
      files: {},
      lines: [
        { file: 'core/operators.ts', after: "readonly output: 'item' | 'pair'", line: " | 'triple'" },
        {
          file: 'core/operators.ts',
          after: "  quantile: { output: 'row', by: 'none', unit: 'values', labels: false, hard: true },\n",
          line: "  medians: { output: 'triple', by: 'none', unit: 'values', labels: false, hard: false },\n",
        },
      ],
    })
    expect(faulty(house)).toEqual(['api/output-nesting.ts', 'core/operators.ts', 'methods/kit/masking.ts'])
  }, 60_000)
})
