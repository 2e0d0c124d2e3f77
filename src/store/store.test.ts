import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow'
import { beforeEach, describe, expect, test } from 'vitest'
import { profiles } from '../core/protocol.ts'
import type { Visit } from '../core/result.ts'
import { thisProcess } from './holder.ts'
import { damageText, openJournal, readJournal } from './journal.ts'
import { lockRun } from './lock.ts'
import { type RunFile, readRunFile, setAsideJournal, writeRunFile } from './run.ts'
import { samplesFromArrow, samplesToArrow } from './samples.ts'

const visit = (key: string, round = 0): Visit => ({
  key,
  round,
  startedAt: '2026-01-01T00:00:00.000Z',
  elapsedMs: 5,
  outcome: {
    status: 'measured',
    observations: [{ metric: 'time.forward', unit: 'ns', better: 'lower', value: 2, samples: [3, 1, 2] }],
    warnings: [],
  },
})

const emptyRun: RunFile = {
  format: 1,
  name: 'x',
  command: 'rank-bench run',
  createdAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  protocol: profiles.quick,
  config: {},
  cells: [],
  dataDigests: {},
  environment: {},
  peers: {},
}

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rank-bench-store-'))
})

describe('journal', () => {
  test('gives back what was appended', () => {
    const path = join(directory, 'journal.jsonl')
    const journal = openJournal(path)
    journal.append(visit('a'))
    journal.append(visit('b', 1))
    journal.close()
    expect(readJournal(path)).toEqual({ visits: [visit('a'), visit('b', 1)], damaged: [] })
  })

  test('keeps numbers that are not finite, which JSON has no word for', () => {
    const path = join(directory, 'journal.jsonl')
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]
    const outcome = {
      status: 'measured' as const,
      observations: [{ metric: 'm', unit: '1' as const, better: 'higher' as const, value: Infinity, samples: values }],
      warnings: [],
    }
    const journal = openJournal(path)
    journal.append({ ...visit('a'), outcome })
    journal.close()
    expect(readJournal(path).visits).toEqual([{ ...visit('a'), outcome }])
  })

  test('reads lines written before there were checksums', () => {
    const path = join(directory, 'journal.jsonl')
    writeFileSync(path, `${JSON.stringify(visit('a'))}\n`)
    expect(readJournal(path)).toEqual({ visits: [visit('a')], damaged: [] })
  })

  test('drops a line torn by a kill, keeps the others, and goes on after it', () => {
    const path = join(directory, 'journal.jsonl')
    const first = openJournal(path)
    first.append(visit('a'))
    first.close()
    appendFileSync(path, JSON.stringify(visit('torn')).slice(0, 40))
    const second = openJournal(path)
    expect(second.visits.map((t) => t.key)).toEqual(['a'])
    second.append(visit('b'))
    second.close()
    expect(readJournal(path).visits.map((t) => t.key)).toEqual(['a', 'b'])
  })

  test.each([
    ['cut short in the middle of the file', (line: string) => line.slice(0, 30)],
    ['with one digit changed', (line: string) => line.replace('"elapsedMs":5', '"elapsedMs":6')],
    ['that is something else', () => '{"other":1}'],
    ['of zeros, as a crash of the machine may leave', () => '\0'.repeat(40)],
  ])('loses only the visit of a line %s, and names the line', (_what, damage) => {
    const path = join(directory, 'journal.jsonl')
    const journal = openJournal(path)
    for (const key of ['a', 'b', 'c']) journal.append(visit(key))
    journal.close()
    const lines = readFileSync(path, 'utf8').split('\n')
    lines[1] = damage(lines[1])
    writeFileSync(path, lines.join('\n'))
    const { visits, damaged } = readJournal(path)
    expect(visits.map(({ key }) => key)).toEqual(['a', 'c'])
    expect(damaged).toEqual([2])
    expect(damageText(path, damaged)).toMatch(/journal\.jsonl: line 2 cannot be read/)
  })

  test('says that the disk is full and that earlier visits are kept', () => {
    // /dev/full fails every write with ENOSPC.
    const journal = openJournal('/dev/full')
    expect(() => journal.append(visit('a'))).toThrow(/could not be written \(ENOSPC/)
    journal.close()
  })

  test('is set aside, not deleted, by a fresh start', () => {
    const path = join(directory, 'journal.jsonl')
    writeFileSync(path, 'x\n')
    setAsideJournal(directory)
    expect(readJournal(path)).toEqual({ visits: [], damaged: [] })
  })
})

describe('lock', () => {
  const path = () => join(directory, 'run.lock')
  const plant = (change: object) => writeFileSync(path(), JSON.stringify({ ...thisProcess(), ...change }))

  test('lets one live process in', async () => {
    const lock = await lockRun(directory)
    await expect(lockRun(directory)).rejects.toThrow(new RegExp(`process ${process.pid} is already measuring into`))
    lock.release()
    ;(await lockRun(directory)).release()
    expect(readdirSync(directory)).toEqual([])
  })
  test.each([
    // No process has this number: Linux stops at 2^22.
    ['a process that is gone', { pid: 999_999_999 }],
    ['a process whose number was given to another one since', { started: '1' }],
    ['a process of an earlier boot', { boot: 'another' }],
  ])('replaces that of %s', async (_who, change) => {
    plant(change)
    ;(await lockRun(directory)).release()
  })
  test.each([
    ['an empty lock', ''],
    ['a lock that holds something else', 'x'],
    ['the lock of an earlier version', '999999999'],
  ])('replaces %s', async (_what, text) => {
    writeFileSync(path(), text)
    ;(await lockRun(directory)).release()
  })
  test('of a restarted container, or another host, is held while there are signs of life, and replaced after', async () => {
    for (const change of [{ pids: 'pid:[1]' }, { host: 'elsewhere', boot: 'another' }]) {
      plant(change)
      const sign = setInterval(() => utimesSync(path(), new Date(), new Date()), 20)
      await expect(lockRun(directory, { patienceMs: 500 })).rejects.toThrow(/already measuring into/)
      clearInterval(sign)
      ;(await lockRun(directory, { patienceMs: 300 })).release()
    }
  })
  test('of a process that was taken for dead and wakes up is known to it as lost, and the one that took it keeps it', async () => {
    const sleeper = await lockRun(directory)
    sleeper.requireHeld()
    rmSync(path())
    const waker = await lockRun(directory)
    plant({ pid: 1, host: 'elsewhere' })
    expect(() => sleeper.requireHeld()).toThrow(/process 1 on elsewhere took this one for dead/)
    sleeper.release()
    expect(readFileSync(path(), 'utf8')).toContain('elsewhere')
    waker.release()
  })
  test('is kept fresh by the clock of the file system', async () => {
    const lock = await lockRun(directory, { heartbeatMs: 20 })
    utimesSync(path(), new Date(0), new Date(0))
    while (statSync(path()).mtimeMs < 1000) await new Promise((resolve) => setTimeout(resolve, 5))
    lock.release()
  })
  test('is taken by one of many that start at once over a dead one', async () => {
    plant({ pid: 999_999_999 })
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(directory)))
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('samples', () => {
  test('keep the order in which they were taken', () => {
    const table = tableFromIPC(samplesToArrow([visit('a'), visit('a', 1)]))
    expect(Array.from(table.getChild('value')!)).toEqual([2, 3, 1, 2, 2, 3, 1, 2])
    expect(Array.from(table.getChild('index')!)).toEqual([-1, 0, 1, 2, -1, 0, 1, 2])
    expect(Array.from(table.getChild('round')!)).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
    expect(table.getChild('metric')!.get(0)).toBe('time.forward')
  })
  const undescribed = () => {
    throw new Error('the file says it all')
  }
  test('give the journal back: values without samples, queries left out, warnings, failures', () => {
    const whole: Visit[] = [
      visit('a'),
      visit('a', 1),
      {
        ...visit('b'),
        outcome: {
          status: 'measured',
          observations: [
            { metric: 'epoch', unit: '1', better: 'neither', value: 7 },
            { metric: 'ndcg', unit: '1', better: 'higher', value: 0.5, samples: [0.5, Number.NaN] },
          ],
          warnings: [{ code: 'drift', message: 'ndcg: +20 %' }],
        },
      },
      { ...visit('c'), outcome: { status: 'failed', error: { message: 'no', hint: 'try' } } },
      { ...visit('d'), outcome: { status: 'timeout', limitMs: 5 } },
    ]
    expect(samplesFromArrow(samplesToArrow(whole), undescribed)).toEqual(whole)
    const path = join(directory, 'journal.jsonl')
    const journal = openJournal(path)
    for (const each of whole) journal.append(each)
    journal.close()
    expect(readJournal(path).visits).toEqual(whole)
  })
  test('of an older file, which holds nothing else, are given their names and values', () => {
    const columns = { key: ['a', 'a'], metric: ['m', 'm'], round: [0, 0], index: [0, 1], value: [3, 5] }
    const older = tableToIPC(tableFromArrays(columns), 'file')
    const [{ key, outcome }] = samplesFromArrow(older, (_, metric, samples) => ({
      metric,
      unit: '1',
      better: 'higher',
      value: samples[1],
      samples,
    }))
    expect(key).toBe('a')
    expect(outcome).toEqual({
      status: 'measured',
      warnings: [],
      observations: [{ metric: 'm', unit: '1', better: 'higher', value: 5, samples: [3, 5] }],
    })
  })
})

describe('run file', () => {
  test('missing or damaged is an error that names the folder', () => {
    expect(() => readRunFile(directory)).toThrow(/holds no run/)
    writeFileSync(join(directory, 'run.json'), '{"format":')
    expect(() => readRunFile(directory)).toThrow(/is not a run file/)
    expect(readFileSync(join(directory, 'run.json'), 'utf8')).toBe('{"format":')
  })
  test.each([
    ['{}', /"format" is missing; expected number/],
    ['[]', /it holds a list; expected an object/],
    ['{"format":2}', /"format" is 2; this version of rank-bench reads up to 1/],
    ['{"format":1,"name":"x","command":7}', /"command" is number; expected string/],
  ])('%s is an error that names the field', (text, message) => {
    writeFileSync(join(directory, 'run.json'), text)
    expect(() => readRunFile(directory)).toThrow(message)
  })
  test('whose cells are no cells is an error that names the first of them', () => {
    writeFileSync(join(directory, 'run.json'), JSON.stringify({ ...emptyRun, cells: [null] }))
    expect(() => readRunFile(directory)).toThrow(/"cells\[0\]" is no cell of a plan/)
    writeRunFile(directory, emptyRun)
    expect(readRunFile(directory)).toEqual(emptyRun)
  })
})
