import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findRun, saveBaseline } from './baseline.ts'
import { readFloor, writeFloor } from './floor.ts'
import { readHistory } from './gate-history.ts'

const folder = mkdtempSync(join(tmpdir(), 'rank-bench-gate-'))
const cache = process.env.XDG_CACHE_HOME
process.env.XDG_CACHE_HOME = folder
afterAll(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = cache
})

describe('the noise floor', () => {
  const floor = { machine: 'this one', at: '2026-01-01', deviation: 0.01, rounds: 12 }
  test('is kept, and void on another machine', () => {
    expect(readFloor('this one')).toBeUndefined()
    const path = writeFloor(floor)
    expect(readFloor('this one')).toEqual(floor)
    expect(readFloor('another')).toBeUndefined()
    writeFileSync(path, 'half')
    expect(readFloor('this one')).toBeUndefined()
  })
})

describe('a history', () => {
  test('of nothing is empty, and a damaged line is named', () => {
    const path = join(folder, 'history.jsonl')
    expect(readHistory(path)).toEqual([])
    const line = '{"at":"x","version":"a","against":"b","machine":"m","outcome":"passed","numbers":[]}'
    for (const damaged of [
      'half a li',
      'null',
      '[]',
      '{"at": "x"}',
      line.replace('passed', 'fine'),
      line.replace('[]', '[1]'),
    ]) {
      writeFileSync(path, `${line}\n${damaged}`)
      expect(() => readHistory(path), damaged).toThrow(/line 2 is no gate/)
    }
  })
})

describe('a baseline', () => {
  test.each(['', '../main', 'a/b', '.hidden'])('is not called %s', (name) => {
    expect(() => saveBaseline(name, folder)).toThrow(/expected letters/)
  })
  test('that is not there is named, with what would keep one', () => {
    expect(() => findRun('nobody')).toThrow(/neither the directory of a run nor a baseline/)
  })
})
