import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Turn } from '../core/result.ts'
import { openJournal, readJournal } from './journal.ts'
import { lockRun } from './lock.ts'
import { readRunFile, setAsideJournal } from './run.ts'
import { samplesFromArrow, samplesToArrow } from './samples.ts'

const turn = (key: string, round = 0): Turn => ({
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

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rank-bench-store-'))
})

describe('journal', () => {
  test('gives back what was appended', () => {
    const path = join(directory, 'journal.jsonl')
    const journal = openJournal(path)
    journal.append(turn('a'))
    journal.append(turn('b', 1))
    journal.close()
    expect(readJournal(path)).toEqual([turn('a'), turn('b', 1)])
  })

  test('drops a line torn by a kill, keeps the others, and goes on after it', () => {
    const path = join(directory, 'journal.jsonl')
    const first = openJournal(path)
    first.append(turn('a'))
    first.close()
    appendFileSync(path, JSON.stringify(turn('torn')).slice(0, 40))
    const second = openJournal(path)
    expect(second.turns.map((t) => t.key)).toEqual(['a'])
    second.append(turn('b'))
    second.close()
    expect(readJournal(path).map((t) => t.key)).toEqual(['a', 'b'])
  })

  test('refuses a file whose lines are something else, naming the line', () => {
    const path = join(directory, 'journal.jsonl')
    writeFileSync(path, `${JSON.stringify(turn('a'))}\n{"other":1}\n${JSON.stringify(turn('b'))}\n`)
    expect(() => readJournal(path)).toThrow(/journal\.jsonl, line 2: not a journal entry/)
  })

  test('says that the disk is full and that earlier visits are kept', () => {
    // /dev/full fails every write with ENOSPC.
    const journal = openJournal('/dev/full')
    expect(() => journal.append(turn('a'))).toThrow(/could not be written \(ENOSPC/)
    journal.close()
  })

  test('is set aside, not deleted, by a fresh start', () => {
    const path = join(directory, 'journal.jsonl')
    writeFileSync(path, 'x\n')
    setAsideJournal(directory)
    expect(readJournal(path)).toEqual([])
  })
})

describe('lock', () => {
  test('lets one live process in and replaces the lock of a dead one', () => {
    const release = lockRun(directory)
    expect(() => lockRun(directory)).toThrow(/already measuring into/)
    release()
    // No process has this id: Linux stops at 2^22.
    writeFileSync(join(directory, 'run.lock'), '999999999')
    lockRun(directory)()
  })
})

describe('samples', () => {
  test('keep the order in which they were taken', () => {
    const table = tableFromIPC(samplesToArrow([turn('a'), turn('a', 1)]))
    expect(Array.from(table.getChild('value')!)).toEqual([2, 3, 1, 2, 2, 3, 1, 2])
    expect(Array.from(table.getChild('index')!)).toEqual([-1, 0, 1, 2, -1, 0, 1, 2])
    expect(Array.from(table.getChild('round')!)).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
    expect(table.getChild('metric')!.get(0)).toBe('time.forward')
  })
  const undescribed = () => {
    throw new Error('the file says it all')
  }
  test('give the journal back: values without samples, queries left out, warnings, failures', () => {
    const whole: Turn[] = [
      turn('a'),
      turn('a', 1),
      {
        ...turn('b'),
        outcome: {
          status: 'measured',
          observations: [
            { metric: 'epoch', unit: '1', better: 'neither', value: 7 },
            { metric: 'ndcg', unit: '1', better: 'higher', value: 0.5, samples: [0.5, Number.NaN] },
          ],
          warnings: [{ code: 'drift', message: 'ndcg: +20 %' }],
        },
      },
      { ...turn('c'), outcome: { status: 'failed', error: { message: 'no', hint: 'try' } } },
      { ...turn('d'), outcome: { status: 'timeout', limitMs: 5 } },
    ]
    expect(samplesFromArrow(samplesToArrow(whole), undescribed)).toEqual(whole)
    const path = join(directory, 'journal.jsonl')
    const journal = openJournal(path)
    for (const each of whole) journal.append(each)
    journal.close()
    expect(readJournal(path)).toEqual(whole)
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
})
