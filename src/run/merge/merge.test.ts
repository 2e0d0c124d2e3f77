import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cell, cellKey } from '../../core/cell.ts'
import { methodRef } from '../../core/method-ref.ts'
import { profiles } from '../../core/protocol.ts'
import type { RunCell, Visit } from '../../core/result.ts'
import { type Environment, machineId, readEnvironment } from '../../measure/environment.ts'
import { journalText } from '../../store/journal.ts'
import { planDigest, writePlanFile } from '../../store/plan-file.ts'
import { journalPath, type RunFile, readRunFile, writeRunFile } from '../../store/run.ts'
import { loadRun } from '../load.ts'
import { reportTables } from '../report.ts'
import { mergeRuns } from './merge.ts'

const scratch = mkdtempSync(join(tmpdir(), 'rank-bench-merge-'))
let made = 0
const folder = (): string => join(scratch, String(made++))

const cellOf = (change: Partial<Cell> & { timed?: boolean }): RunCell => {
  const { timed = false, ...rest } = change
  const cell: Cell = {
    experiment: timed ? { name: 'torchsort', params: { threads: 1 } } : { name: 'example', params: {} },
    version: 1,
    system: 'rank-bench',
    method: methodRef({ name: 'rank:permutahedron', params: { strength: 1, regularization: 'l2' } }),
    dataset: { name: 'given', params: { values: '5x1x2' } },
    dataDigest: '',
    split: '',
    seed: 1,
    precision: 'f64',
    protocol: timed ? 'p' : '',
    ...rest,
  }
  return { key: cellKey(cell), cell, timed }
}

/** Four untimed cells, and two timed groups of two systems. */
const untimed = [1, 2, 3, 4].map((seed) => cellOf({ seed }))
const timed = [1, 2].flatMap((seed) =>
  ['rank-bench', 'torchsort'].map((system) => cellOf({ seed, system, timed: true })),
)
const plan = [...untimed, ...timed]
const protocol = { ...profiles.quick, rounds: 2 }

const machineNamed = (host: string, cpu = 'cpu'): Environment => {
  const environment = readEnvironment('1.0.0')
  return { ...environment, host, loadAverage: 0, stable: { ...environment.stable, cpu } }
}
const machines = ['one', 'two', 'three'].map((host) => machineNamed(host))

const runOf = (change: Partial<RunFile<Environment>> = {}): RunFile<Environment> => ({
  format: 1,
  name: 'planted',
  command: 'rank-bench run -c planted --shard 1/3 --out somewhere',
  createdAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  protocol,
  config: { name: 'planted', suites: [] },
  cells: plan,
  dataDigests: {},
  environment: machines[0],
  peers: {},
  ...change,
})

const visitTo = ({ key, timed: isTimed }: RunCell, change: Partial<Visit> & { answer?: number } = {}): Visit => {
  const { answer = 1, ...rest } = change
  return {
    key,
    round: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    elapsedMs: 5,
    outcome: {
      status: 'measured',
      observations: isTimed
        ? ['time.forward', 'time.backward', 'time.forward+backward'].map((metric) => ({
            metric,
            unit: 'ns' as const,
            better: 'lower' as const,
            value: answer,
            samples: [answer],
          }))
        : [{ metric: 'value', unit: '1', better: 'neither', value: answer, samples: [answer, Number.NaN] }],
      warnings: [],
    },
    ...rest,
  }
}
const failure: Visit['outcome'] = { status: 'failed', error: { message: 'no' } }

function writeRun(visits: readonly Visit[], change: Partial<RunFile<Environment>> = {}, at = folder()): string {
  writeRunFile(at, runOf(change))
  writeFileSync(journalPath(at), journalText(visits))
  return at
}

/** What a merged folder holds, to the byte. */
const bytesIn = (directory: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(directory).map((file) => [file, readFileSync(join(directory, file)).toString('latin1')]),
  )

const merged = async (folders: readonly string[], out = folder()): Promise<string> => {
  await mergeRuns(folders, { out })
  return out
}

/** Visits of one source: some cells, some rounds, now and then a failure, another answer, a second try. */
const visits = fc.array(
  fc.record({
    cell: fc.nat(plan.length - 1),
    round: fc.nat(1),
    second: fc.nat(3),
    answer: fc.constantFrom(1, 1, 1, 2),
    fails: fc.constantFrom(false, false, false, true),
  }),
  { maxLength: 25 },
)

const sources = fc.array(
  fc.record({ visits, machine: fc.nat(2), second: fc.nat(2), torchsort: fc.boolean(), skipsLast: fc.boolean() }),
  { minLength: 1, maxLength: 4 },
)

function planted(drawn: (typeof sources extends fc.Arbitrary<infer T> ? T : never)[number]): string {
  const own = drawn.visits.map(({ cell, round, second, answer, fails }) =>
    visitTo(plan[cell], {
      round: plan[cell].timed ? round : 0,
      startedAt: `2026-01-01T00:00:0${second}.000Z`,
      answer,
      ...(fails && { outcome: failure }),
    }),
  )
  const last = plan.length - 1
  const skip = { reason: 'peer not installed' as const, detail: `on ${drawn.machine}` }
  return writeRun(own, {
    environment: machines[drawn.machine],
    createdAt: `2026-01-01T00:00:0${drawn.second}.000Z`,
    peers: drawn.torchsort ? { torchsort: '0.1.9' } : {},
    cells: plan.map((cell, i) => (i === last && drawn.skipsLast ? { ...cell, skip } : cell)),
  })
}

describe('merging', { timeout: 300_000 }, () => {
  test('in any order, in parts, or twice, gives the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(sources, fc.infiniteStream(fc.nat(100)), async (drawn, random) => {
        const folders = drawn.map(planted)
        const order = [...folders]
        for (let i = order.length - 1; i > 0; i--) {
          const j = random.next().value % (i + 1)
          ;[order[i], order[j]] = [order[j], order[i]]
        }
        const all = await merged(folders)
        const expected = bytesIn(all)
        expect(bytesIn(await merged(order))).toEqual(expected)
        const cut = random.next().value % (order.length + 1)
        const [head, tail] = [order.slice(0, cut), order.slice(cut)]
        const inParts = [head, tail].flatMap((part) => (part.length > 0 ? [merged(part)] : []))
        expect(bytesIn(await merged(await Promise.all(inParts)))).toEqual(expected)
        // Again into the same folder, the folder among what is merged, a run twice.
        expect(bytesIn(await merged([...order, order[0]], all))).toEqual(expected)
        expect(bytesIn(await merged([all, order[0]]))).toEqual(expected)
        for (const each of [...folders, all]) rmSync(each, { recursive: true })
      }),
      { numRuns: 60 },
    )
  })

  test('keeps every answer: what one run measured is measured in the merged one', async () => {
    await fc.assert(
      fc.asyncProperty(sources, async (drawn) => {
        const folders = drawn.map(planted)
        const whole = await loadRun(await merged(folders))
        for (const [i, { visits: own }] of drawn.entries()) {
          for (const { cell, fails } of own) {
            if (fails || plan[cell].timed) continue
            const entry = whole.entries.find(({ key }) => key === plan[cell].key)!
            const skipped = entry.result.status === 'skipped'
            expect(skipped || entry.visits.some(({ outcome }) => outcome.status === 'measured'), `source ${i}`).toBe(
              true,
            )
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})

const rounds = (cells: readonly RunCell[], machine?: Environment, answer = 1): Visit[] =>
  [0, 1].flatMap((round) =>
    cells.map((cell) => visitTo(cell, { round, answer, ...(machine && { machine: machineId(machine) }) })),
  )

describe('a merged run', () => {
  test('names what is missing, failed, double and answered in two ways', async () => {
    const first = writeRun([visitTo(untimed[0]), visitTo(untimed[1]), visitTo(untimed[3], { outcome: failure })])
    const second = writeRun(
      [
        visitTo(untimed[0], { startedAt: '2026-02-01T00:00:00.000Z' }),
        visitTo(untimed[1], { startedAt: '2026-02-01T00:00:00.000Z', answer: 2 }),
      ],
      { environment: machines[1] },
    )
    const { named, measured } = await mergeRuns([first, second], { out: folder() })
    const state = (planned: RunCell) =>
      named.filter((each) => each.planned.key === planned.key).map((each) => each.state)
    expect(state(untimed[0])).toEqual(['double'])
    expect(state(untimed[1])).toEqual(['differs'])
    expect(state(untimed[2])).toEqual(['missing'])
    expect(state(untimed[3])).toEqual(['failed'])
    expect(measured).toBe(1)
  })

  test('shows an untimed cell with two answers as failed, with both', async () => {
    const first = writeRun([visitTo(untimed[0])])
    const second = writeRun([visitTo(untimed[0], { answer: 2 })], { environment: machines[1] })
    const { entries } = await loadRun(await merged([first, second]))
    expect(entries[0].result).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/different answers: value is [12] \(.*\) and [12] \(/) },
    })
  })

  test('takes an untimed cell from wherever it was measured, whatever failed elsewhere', async () => {
    const first = writeRun([visitTo(untimed[0], { outcome: failure, startedAt: '2026-03-01T00:00:00.000Z' })])
    const second = writeRun([visitTo(untimed[0])], { environment: machines[1] })
    const { entries } = await loadRun(await merged([first, second]))
    expect(entries[0].result.status).toBe('measured')
  })

  test('keeps timed cells of two machines apart: a table each, which says whose it is, and no ratio across', async () => {
    const group = timed.slice(0, 2)
    const first = writeRun([...rounds(group, undefined, 100), ...rounds(timed.slice(2), undefined, 100)])
    const second = writeRun([...rounds(group, undefined, 900)], { environment: machines[1] })
    const run = await loadRun(await merged([first, second]))
    const tables = (await reportTables(run, { papers: [] })).filter(({ id }) => id.startsWith('torchsort'))
    expect(tables.map(({ id }) => id).sort()).toEqual(
      [machines[0], machines[1]].map((machine) => `torchsort@${machineId(machine)}`).sort(),
    )
    const rowsOf = (machine: Environment) => tables.find(({ id }) => id.endsWith(machineId(machine)))!.rows.length
    expect(rowsOf(machines[0])).toBe(2 * rowsOf(machines[1]))
    for (const { id, about, rows } of tables) {
      expect(about.some((line) => line.includes(`machine ${id.split('@')[1]}`))).toBe(true)
      const ratios = rows
        .flatMap((row) => row.map(({ text }) => text))
        .join(' ')
        .match(/[\d.]+x/g)
      expect(new Set(ratios)).toEqual(new Set(['1.00x']))
    }
  })

  test('never reads ours from one machine and theirs from another', async () => {
    const [ours, theirs] = timed
    const first = writeRun(rounds([ours]))
    const second = writeRun(rounds([theirs]), { environment: machines[1] })
    const out = await merged([first, second])
    const { named } = await mergeRuns([out], { out: folder() })
    expect(named.filter(({ planned }) => planned.timed).map(({ state }) => state)).toEqual(Array(4).fill('missing'))
    const run = await loadRun(out)
    const pair = run.entries.filter(({ key }) => key === ours.key || key === theirs.key)
    expect(pair.map(({ result }) => result.status).sort()).toEqual(['incomplete', 'measured'])
    expect(new Set(pair.map(({ machine }) => machine)).size).toBe(1)
  })

  test('is made of shards too, and knows what the ones that are not there owe', async () => {
    const parent = folder()
    const facts = {
      index: 1,
      count: 2,
      plan: planDigest(plan.map(({ key }) => key)),
      cells: plan.length,
      dealt: 'declared',
    }
    const own = untimed.slice(0, 2)
    const at = join(parent, 'shard-1-of-2')
    writeRun(
      own.map((cell) => visitTo(cell, { machine: machineId(machines[0]) })),
      { cells: own, shard: facts, machines: { [machineId(machines[0])]: machines[0] } },
      at,
    )
    writePlanFile(at, plan)
    const { named, run } = await mergeRuns([parent], { out: folder() })
    expect(run.cells).toEqual(plan)
    expect(run.shard).toBeUndefined()
    expect(run.command).toBe('rank-bench run -c planted')
    expect(named.map(({ state }) => state)).toEqual(Array(6).fill('missing'))
  })
})

describe('merging refuses', () => {
  const first = () => writeRun([])
  const isRefused = async (second: string, message: RegExp) =>
    expect(mergeRuns([first(), second], { out: folder() })).rejects.toThrow(message)

  test('a folder that is no run', async () => {
    const empty = folder()
    mkdirSync(empty)
    await isRefused(empty, /holds neither a run \(run\.json\) nor shards/)
    await isRefused(join(scratch, 'nowhere'), /holds neither a run/)
  })
  test('a run of another plan, naming a cell', () =>
    isRefused(
      writeRun([], { cells: plan.slice(1).concat(cellOf({ seed: 9 })) }),
      /are of two plans: cells of one are not in the other, e\.g\. example rank:permutahedron/,
    ))
  test('a run on other data, naming the digests', () =>
    isRefused(
      writeRun([], { cells: [cellOf({ dataDigest: 'abc' })], dataDigests: { given: 'abc' } }),
      /their data differ \(given is absent and abc\)/,
    ))
  test('another version, seed, protocol or config, naming both', async () => {
    const { stable, ...rest } = machines[0]
    await isRefused(
      writeRun([], { environment: { ...rest, stable: { ...stable, rankBench: '2.0.0' } } }),
      /version of rank-bench: .* has 1\.0\.0, .* has 2\.0\.0/,
    )
    await isRefused(writeRun([], { seed: 2 }), /seed: .* has 1, .* has 2/)
    await isRefused(writeRun([], { protocol: profiles.standard }), /protocol: /)
    await isRefused(writeRun([], { config: { name: 'planted', suites: [], everyQuery: true } }), /config: /)
  })
  test('another version of a peer', async () => {
    const one = writeRun([], { peers: { torchsort: '0.1.9' } })
    const other = writeRun([], { peers: { torchsort: '0.1.10' } })
    await expect(mergeRuns([one, other], { out: folder() })).rejects.toThrow(
      /torchsort as 0\.1\.10, another part has 0\.1\.9/,
    )
  })
  test('a cell that was changed by hand', () =>
    isRefused(
      writeRun([], { cells: [{ ...plan[0], cell: { ...plan[0].cell, seed: 77 } }, ...plan.slice(1)] }),
      /is not what its key says/,
    ))
  test('a shard as the folder to merge into', async () => {
    const at = join(folder(), 'shard-1-of-1')
    const facts = {
      index: 1,
      count: 1,
      plan: planDigest(plan.map(({ key }) => key)),
      cells: plan.length,
      dealt: 'declared',
    }
    writeRun([], { shard: facts }, at)
    writePlanFile(at, plan)
    await expect(mergeRuns([at], { out: at })).rejects.toThrow(/is a shard itself/)
  })
  test('a shard without its plan', async () => {
    const at = folder()
    writeRun([], { shard: { index: 1, count: 1, plan: 'x', cells: 8, dealt: 'declared' } }, at)
    await expect(mergeRuns([at], { out: folder() })).rejects.toThrow(/plan\.jsonl\.gz cannot be read: ENOENT/)
  })
})

describe('merging goes on', () => {
  test('past a torn line, which it names', async () => {
    const torn = writeRun(untimed.map((cell) => visitTo(cell)))
    appendFileSync(journalPath(torn), journalText([visitTo(timed[0])]).slice(0, 60))
    const notes: string[] = []
    const { measured } = await mergeRuns([torn], { out: folder(), note: (text) => notes.push(text) })
    expect(measured).toBe(4)
    expect(notes.join('\n')).toMatch(/journal\.jsonl: line 5 cannot be read; what it held counts as missing/)
  })
  test('where a run kept samples and no journal', async () => {
    const whole = await merged([writeRun(untimed.map((cell) => visitTo(cell)))])
    const kept = folder()
    cpSync(whole, kept, { recursive: true })
    rmSync(journalPath(kept))
    expect(bytesIn(await merged([kept]))).toEqual(bytesIn(whole))
  })
  test('from what lies in the folder already: nothing that it holds is lost', async () => {
    const out = await merged([writeRun([visitTo(untimed[0])])])
    await mergeRuns([writeRun([visitTo(untimed[1])])], { out })
    expect(readFileSync(journalPath(out), 'utf8').trim().split('\n')).toHaveLength(2)
    expect(readRunFile<Environment>(out).cells).toEqual(plan)
    expect(existsSync(join(out, 'run.lock'))).toBe(false)
  })
})
