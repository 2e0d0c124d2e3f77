import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Turn } from '../core/result.ts'
import { openJournal, readJournal } from './journal.ts'
import { lockRun } from './lock.ts'
import { readRunFile, setAsideJournal } from './run.ts'
import { samplesToArrow } from './samples.ts'

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
    expect(Array.from(table.getChild('value')!)).toEqual([3, 1, 2, 3, 1, 2])
    expect(Array.from(table.getChild('round')!)).toEqual([0, 0, 0, 1, 1, 1])
    expect(table.getChild('metric')!.get(0)).toBe('time.forward')
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
