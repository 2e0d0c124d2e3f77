import { describe, expect, test } from 'vitest'
import type { Dataset } from '../core/dataset.ts'
import { absentError, dataError } from '../core/errors.ts'
import type { Experiment, PlannedCell, Scope } from '../core/experiment.ts'
import type { OperatorSpec } from '../core/method.ts'
import { profiles } from '../core/protocol.ts'
import type { Systems } from '../core/system.ts'
import { planRun } from './plan.ts'

type PlanRequest = Parameters<typeof planRun>[0]
type Registries = Parameters<typeof planRun>[1]

const operator = {
  params: { strength: { kind: 'number', default: 1, min: 0, meaning: 'test' } },
} as unknown as OperatorSpec
const dataset = (name: string, digest: () => Promise<string>): Dataset => ({
  kind: 'ranking',
  name,
  title: name,
  licence: '',
  citation: '',
  params: {},
  folds: () => ['fold1', 'fold2'],
  digest,
  load: () => Promise.reject(new Error('planning reads no data')),
})
const cellsOf =
  (system: string) =>
  (scope: Scope): PlannedCell[] =>
    scope.methods.flatMap((method) =>
      scope.datasets.flatMap((each) =>
        scope.folds(each).map((split) => ({
          system,
          method,
          dataset: each,
          split,
          seed: scope.seeds[0],
          precision: scope.precisions[0],
        })),
      ),
    )
const whoBrings = (scope: Scope): PlannedCell[] =>
  cellsOf(scope.systems.bringer(scope.methods[0].name) ?? 'rank-bench')(scope)
const experiment = (timed: boolean): Experiment => ({
  name: timed ? 'timed' : 'untimed',
  version: 3,
  question: 'which?',
  params: {},
  measures: {},
  takes: { operators: ['rank'], data: 'ranking' },
  timed,
  plan: cellsOf('torchsort'),
  run: () => Promise.reject(new Error('planning runs nothing')),
})

const registries: Registries = {
  operators: new Map([['rank:a', operator]]),
  datasets: new Map([
    ['here', dataset('here', async () => 'digest-1')],
    ['gone', dataset('gone', () => Promise.reject(absentError('gone is not on this machine', 'add it')))],
    ['broken', dataset('broken', () => Promise.reject(dataError('broken has another digest')))],
  ]),
  experiments: new Map([true, false].map((timed) => [experiment(timed).name, experiment(timed)])),
}

const systems = (describe: Systems['describe']): Systems => ({
  names: ['torchsort', 'torch'],
  usual: ['torchsort', 'torch'],
  offering: async (questions) => questions.map(() => ['torchsort', 'torch']),
  describe,
  brings: () => new Map(),
})

const request = (suite: object, change: Partial<PlanRequest> = {}): PlanRequest => ({
  suites: [{ experiment: 'untimed', methods: ['rank:a'], datasets: ['here'], ...suite }],
  seed: 7,
  protocol: profiles.quick,
  data: { root: undefined, seed: 7 },
  machine: { threads: 4, engineMissing: undefined },
  systems: systems(async () => ({ versions: 'torchsort 1' })),
  ...change,
})

describe('planRun', () => {
  test('plans every fold once, with digest, version and seed in the cell', async () => {
    const { cells, dataDigests } = await planRun(
      { ...request({}), suites: [...request({}).suites, ...request({}).suites] },
      registries,
    )
    expect(cells.map(({ cell }) => [cell.split, cell.seed, cell.version, cell.dataDigest])).toEqual([
      ['fold1', 7, 3, 'digest-1'],
      ['fold2', 7, 3, 'digest-1'],
    ])
    expect(dataDigests).toEqual({ here: 'digest-1' })
  })
  test('puts protocol and peer versions into the keys of timed cells only', async () => {
    const keys = async (timed: boolean, versions: string) => {
      const { cells } = await planRun(
        request({ experiment: timed ? 'timed' : 'untimed' }, { systems: systems(async () => ({ versions })) }),
        registries,
      )
      return cells.map((cell) => cell.key).join()
    }
    expect(await keys(true, 'torchsort 1')).not.toBe(await keys(true, 'torchsort 2'))
    expect(await keys(false, 'torchsort 1')).toBe(await keys(false, 'torchsort 2'))
  })
  test('skips cells whose data or peer is absent, saying what to do', async () => {
    const { cells } = await planRun(request({ datasets: ['gone'] }), registries)
    expect(cells[0].skip).toEqual({ reason: 'data absent', detail: 'gone is not on this machine (add it)' })
    const alone = await planRun(request({}, { systems: systems(async () => ({ missing: 'install it' })) }), registries)
    expect(alone.cells[0].skip).toEqual({ reason: 'peer not installed', detail: 'install it' })
  })
  test('plans an operator that a peer brings for that peer, and refuses it where it is one of ours', async () => {
    const bringing = (name: string): Systems => ({
      ...systems(async () => ({ versions: 'mine 1' })),
      brings: (system) => new Map(system === 'torch' ? [[name, operator]] : []),
    })
    const asking = { ...experiment(false), takes: { ...experiment(false).takes, brought: true as const } }
    const known = { ...registries, experiments: new Map([['untimed', { ...asking, plan: whoBrings }]]) }
    const { cells } = await planRun(request({ methods: ['rank:b'] }, { systems: bringing('rank:b') }), known)
    expect(cells.map(({ cell }) => cell.system)).toEqual(['torch', 'torch'])
    await expect(planRun(request({}, { systems: bringing('rank:a') }), known)).rejects.toThrow(/torch brings rank:a/)
    await expect(
      planRun(request({ methods: ['rank:b'] }, { systems: bringing('rank:b') }), registries),
    ).rejects.toThrow(/untimed looks at operators of ours; rank:b is one that torch brings/)
  })
  test('asks for a peer only where a cell is of one, and once', async () => {
    const asked: string[] = []
    const peer = async (name: string) => {
      asked.push(name)
      return { versions: `${name} 1` }
    }
    const planned = async (system: string) => {
      asked.length = 0
      const own = { ...experiment(true), plan: cellsOf(system) }
      const { cells } = await planRun(request({ experiment: 'timed' }, { systems: systems(peer) }), {
        ...registries,
        experiments: new Map([['timed', own]]),
      })
      return { asked: [...asked], skipped: cells.filter(({ skip }) => skip).length, protocol: cells[0].cell.protocol }
    }
    expect(await planned('torch')).toMatchObject({ asked: ['torch'], skipped: 0 })
    // Our own reference is nobody's peer: it needs no Python, and its key holds no versions of one.
    for (const ours of ['rank-bench', 'reference']) {
      const { protocol, ...rest } = await planned(ours)
      expect(rest).toEqual({ asked: [], skipped: 0 })
      expect(protocol).not.toContain(';')
    }
  })
  test('refuses a cell of somebody who is not known', async () => {
    const stranger = { ...experiment(false), plan: cellsOf('softtorch') }
    await expect(
      planRun(request({}), { ...registries, experiments: new Map([['untimed', stranger]]) }),
    ).rejects.toThrow(/untimed plans a cell for "softtorch"/)
  })
  test('never passes damaged data off as absent', async () => {
    await expect(planRun(request({ datasets: ['broken'] }), registries)).rejects.toThrow('broken has another digest')
  })
  test('restricts folds, and refuses one that the data set lacks', async () => {
    expect((await planRun(request({ folds: ['fold2'] }), registries)).cells).toHaveLength(1)
    await expect(planRun(request({ folds: ['fold9'] }), registries)).rejects.toThrow(
      /here has no fold "fold9"; it has: fold1, fold2/,
    )
  })
})
