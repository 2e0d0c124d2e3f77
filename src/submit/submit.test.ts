import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { profiles } from '../core/protocol.ts'
import type { RunCell, Visit } from '../core/result.ts'
import { operators } from '../methods/registry.ts'
import { thisProcess } from '../store/holder.ts'
import { journalText } from '../store/journal.ts'
import { journalPath, writeRunFile } from '../store/run.ts'
import { readSubmission, writeSubmission } from '../store/submission.ts'
import { githubWorkflow } from './github.ts'
import { kubernetesManifest } from './kubernetes.ts'
import { limitSeconds, needsOf, type ShardNeeds } from './needs.ts'
import { type Start, slurmScripts } from './slurm.ts'
import { secondsLeft, shardStatus, unfinished } from './status.ts'
import { yaml } from './yaml.ts'

const start: Start = {
  name: 'quick',
  shards: 4,
  folder: '/shared/it is here',
  command: ['node', '/opt/rank-bench/bin/rank-bench.js', 'run', '-c', "/shared/it's/config.json"],
}
const need = (index: number, change: Partial<ShardNeeds> = {}): ShardNeeds => ({
  index,
  cells: 3,
  timed: false,
  cpus: 2,
  seconds: 100,
  memoryGiB: 2,
  ...change,
})
const mixed = [
  need(1, { timed: true, cpus: 4, seconds: 90_000, memoryGiB: 12 }),
  need(2),
  need(3),
  need(4, { timed: true }),
]

describe('scripts for Slurm', () => {
  const scripts = slurmScripts(start, mixed, ['--partition=short'])
  const textOf = (name: string) => scripts.find((script) => script.name === name)!.text

  test('give machines of their own to shards that time something, and to no others', () => {
    expect(scripts.map(({ name }) => name)).toEqual(['timed.sbatch', 'untimed.sbatch'])
    expect(textOf('timed.sbatch')).toMatch(/^#SBATCH --exclusive$/m)
    expect(textOf('timed.sbatch')).toMatch(/^#SBATCH --array=1,4$/m)
    expect(textOf('untimed.sbatch')).not.toContain('--exclusive')
    expect(textOf('untimed.sbatch')).toMatch(/^#SBATCH --array=2-3$/m)
  })
  test('ask for what the largest of their shards needs, and are queued again after preemption', () => {
    const text = textOf('timed.sbatch')
    for (const option of [
      '--cpus-per-task=4',
      '--mem=12G',
      '--time=1-13:40:00',
      '--requeue',
      '--open-mode=append',
      '--partition=short',
    ])
      expect(text.split('\n')).toContain(`#SBATCH ${option}`)
    expect(text).toContain('#SBATCH --output="/shared/it is here/logs/%A_%a.log"')
  })
  test('say which shard of all a task is, also where only some are submitted again', () => {
    const [{ text }] = slurmScripts(start, [need(3)], [])
    expect(text).toMatch(/^#SBATCH --array=3$/m)
    expect(text).toContain('--shard "$SLURM_ARRAY_TASK_ID/4"')
  })
  test('are scripts that bash understands, whatever is in a path', () => {
    for (const { text } of scripts) {
      expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
      const said = spawnSync('bash', [], {
        input: text.replace('exec srun', 'printf "%s\\n"'),
        encoding: 'utf8',
      }).stdout
      expect(said.split('\n')).toContain("/shared/it's/config.json")
    }
  })
  test.each([
    [[1], '1'],
    [[1, 2, 3], '1-3'],
    [[5, 1, 2, 9, 8], '1-2,5,8-9'],
  ])('of shards %j are the array %s', (numbers, text) => {
    const [{ text: script }] = slurmScripts(
      start,
      numbers.map((index) => need(index)),
      [],
    )
    expect(script.split('\n')).toContain(`#SBATCH --array=${text}`)
  })
})

describe('the manifest for Kubernetes', () => {
  const config = { name: 'quick', suites: [], description: 'a: "b"\n# c' }
  const text = yaml(kubernetesManifest(start, mixed, { image: 'node:20', claim: 'shared', mount: '/runs', config }))
  const [map, job] = parseAllDocuments(text).map((each) => each.toJS())

  test('carries the config', () => {
    expect(JSON.parse(map.data['config.json'])).toEqual(config)
  })
  test('is an Indexed Job of a pod a shard, which says so to --shard auto', () => {
    expect(job.spec).toMatchObject({ completionMode: 'Indexed', completions: 4, backoffLimitPerIndex: 6 })
    const [container] = job.spec.template.spec.containers
    expect(container.command.slice(-2)).toEqual(['--shard', 'auto'])
    expect(container.env).toContainEqual({ name: 'RANK_BENCH_SHARDS', value: '4' })
    expect(container.resources.requests).toEqual(container.resources.limits)
  })
  test('keeps pods apart only where something is timed', () => {
    expect(job.spec.template.spec.affinity).toBeDefined()
    const untimed = kubernetesManifest(start, [need(1)], { image: 'i', claim: 'c', mount: '/m', config })
    expect(JSON.stringify(untimed)).not.toContain('affinity')
  })
})

describe('the workflow for GitHub Actions', () => {
  const workflow = parse(
    yaml([
      githubWorkflow(start, mixed, { runner: 'ubuntu-latest', install: 'npm ci', program: ['npx', 'rank-bench'] }),
    ]),
  )

  test('measures every shard, whatever becomes of the others, and merges what there is', () => {
    const { shard, merge } = workflow.jobs
    expect(shard.strategy).toEqual({ 'fail-fast': false, matrix: { shard: [1, 2, 3, 4] } })
    expect(shard.steps.at(-2).run).toContain('--shard ${' + '{ matrix.shard }}/4')
    expect(merge.needs).toBe('shard')
    expect(
      merge.steps
        .map(({ run }: { run?: string }) => run)
        .filter(Boolean)
        .join('\n'),
    ).toMatch(/rank-bench merge .*\n.*rank-bench report/)
  })
  test('stays within the hours that a hosted runner gives', () => {
    expect(workflow.jobs.shard['timeout-minutes']).toBe(360)
  })
})

describe('YAML', () => {
  test('of any values is read back as they are', () => {
    const value = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value, { minKeys: 1 }), (given) => {
        expect(parse(yaml([given]))).toEqual(JSON.parse(JSON.stringify(given)))
      }),
    )
  })
  test.each([
    'true',
    'No',
    'null',
    '~',
    '1e3',
    '0x1f',
    '- a',
    'a: b',
    'a #b',
    ' a',
    'a ',
    '',
    '|',
    '2026-01-01',
    '1:30',
    'a\nb\n',
    'a\n\n',
    '\ta',
    'ends:',
  ])('text %j stays text', (text) => {
    expect(parse(yaml([{ text, list: [text, [text]], [text || 'empty']: 1 }]))).toMatchObject({
      text,
      list: [text, [text]],
    })
  })
})

const planned = (key: string, timed: boolean, dataset: RunCell['cell']['dataset']['params'] = {}): RunCell =>
  ({
    key,
    timed,
    cell: {
      experiment: { name: 'latency', params: timed ? { threads: 2 } : {} },
      method: { name: 'matrix:softsort', params: {}, operator: 'matrix', method: 'softsort' },
      dataset: { name: 'sorting', params: dataset },
      system: 'rank-bench',
    },
  }) as unknown as RunCell

describe('what a shard needs', () => {
  const of = (cells: RunCell[], jobs = 2) => needsOf(1, cells, { jobs, seconds: 10, mostGiB: 64, operators })

  test('are the threads of what it times, or as many cores as it has cells at a time', () => {
    expect(of([planned('a', true)])).toMatchObject({ timed: true, cpus: 2 })
    expect(of([planned('a', false)])).toMatchObject({ timed: false, cpus: 1 })
    expect(of([planned('a', false), planned('b', false), planned('c', false)], 3)).toMatchObject({ cpus: 3 })
    expect(of([])).toMatchObject({ timed: false, cpus: 1 })
  })
  test('grows with what operators declare of their memory', () => {
    const small = of([planned('a', true, { batch: 1, n: 100 })]).memoryGiB
    const large = of([planned('a', true, { batch: 1, n: 20_000 })]).memoryGiB
    expect(large).toBeGreaterThan(small + 8)
    expect(of([planned('a', true, { batch: 1, n: 1e6 })]).memoryGiB).toBe(65)
  })
  test('is asked for with room: half as long again, in steps of ten minutes', () => {
    expect(limitSeconds(need(1, { seconds: 1 }))).toBe(600)
    expect(limitSeconds(need(1, { seconds: 3600 }))).toBe(6000)
  })
})

describe('how far shards are', () => {
  let folder: string
  const cells = [planned('u', false), planned('t', true)]
  const visit = (key: string, round: number, status = 'measured'): Visit => ({
    key,
    round,
    startedAt: '',
    elapsedMs: 2000,
    outcome:
      status === 'measured' ? { status, observations: [], warnings: [] } : { status: 'failed', error: { message: '' } },
  })
  const whole = [visit('u', 0), visit('t', 0), visit('t', 1)]
  const plant = (visits: readonly Visit[], lock?: { readonly host: string; readonly secondsAgo: number }) => {
    const directory = join(folder, 'shard-1-of-2')
    writeRunFile(directory, {
      format: 1,
      name: 'x',
      command: '',
      createdAt: '',
      seed: 1,
      protocol: { ...profiles.quick, rounds: 2 },
      config: {},
      cells,
      dataDigests: {},
      environment: {},
      peers: {},
    })
    writeFileSync(journalPath(directory), journalText(visits))
    if (!lock) return
    const path = join(directory, 'run.lock')
    writeFileSync(path, JSON.stringify({ ...thisProcess(), boot: 'another', host: lock.host }))
    const at = new Date(Date.now() - 1000 * lock.secondsAgo)
    utimesSync(path, at, at)
  }
  const state = () => shardStatus(folder, 1, 2)
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rank-bench-status-'))
  })

  test('waiting, before anything is there', () => {
    expect(state()).toMatchObject({ state: 'waiting', visits: 0 })
  })
  test('running, while there are signs of life, from whatever machine', () => {
    plant(whole.slice(0, 1), { host: 'elsewhere', secondsAgo: 3 })
    expect(state()).toMatchObject({
      state: 'running',
      measured: 1,
      visits: 3,
      holder: `process ${process.pid} on elsewhere`,
    })
  })
  test('stalled, when signs of life have stopped', () => {
    plant(whole.slice(0, 1), { host: 'elsewhere', secondsAgo: 120 })
    expect(state().state).toBe('stalled')
  })
  test('stopped, when it ended with visits to go', () => {
    plant(whole.slice(0, 2))
    expect(state()).toMatchObject({ state: 'stopped', measured: 2, spent: 4 })
  })
  test('failed, when every visit was made and one failed for good', () => {
    plant([...whole.slice(1), visit('u', 0, 'failed')])
    expect(state()).toMatchObject({ state: 'failed', failed: 1 })
  })
  test('done, also where a visit failed first', () => {
    plant([visit('u', 0, 'failed'), ...whole])
    expect(state()).toMatchObject({ state: 'done', measured: 3, failed: 0 })
  })
  test('what is submitted again is what neither runs nor is done', () => {
    expect(unfinished([state()])).toEqual([1])
    plant(whole)
    expect(unfinished([state()])).toEqual([])
    plant(whole.slice(1), { host: 'elsewhere', secondsAgo: 1 })
    expect(unfinished([state()])).toEqual([])
  })
  test('time left is what was expected until a tenth is done, then the pace that was shown', () => {
    plant([])
    expect(secondsLeft(state(), 100)).toBe(100)
    plant(whole.slice(0, 2))
    expect(secondsLeft(state(), 100)).toBeCloseTo(2)
    plant(whole)
    expect(secondsLeft(state(), 100)).toBe(0)
  })
})

describe('a submission', () => {
  const submission = {
    format: 1,
    name: 'x',
    shards: 2,
    plan: 'abc',
    jobs: 2,
    seconds: [1, 2],
    command: 'rank-bench submit',
  } as const
  const config = { name: 'x', suites: [] } as never

  test('is kept in the folder of its shards, and no other is put over it', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'rank-bench-submit-')), 'new')
    writeSubmission(folder, submission, config)
    expect(readSubmission(folder)).toEqual(submission)
    writeSubmission(folder, submission, config)
    expect(() => writeSubmission(folder, { ...submission, shards: 3, seconds: [1, 2, 3] }, config)).toThrow(
      /in 2 shards; this one has 3/,
    )
    expect(() => writeSubmission(folder, { ...submission, plan: 'other' }, config)).toThrow(/of another plan/)
  })
  test('that is missing or damaged is an error that says what to do', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rank-bench-submit-'))
    expect(() => readSubmission(folder)).toThrow(/holds no submission/)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'submission.json'), '{"format":1}')
    expect(() => readSubmission(folder)).toThrow(/is not what rank-bench submit writes/)
  })
})
