import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { visitCommand } from './command.ts'
import { readCount } from './counters.ts'
import { availableCounters, countInstructions } from './instructions.ts'
import { observationsOf } from './printed.ts'

const folder = mkdtempSync(join(tmpdir(), 'rank-bench-command-'))
const lower = () => false
const run = (command: string, timeoutMs = 20_000) => visitCommand({ command, folder, timeoutMs }, lower)

describe('what a command prints', () => {
  test.each([
    ['parse: 12.5 ms', 'parse', 'ns', 12.5e6],
    ['parse = 3us', 'parse', 'ns', 3000],
    ['peak 2 MiB', 'peak', 'bytes', 2 ** 21],
    ['parse time (warm): 4 ms', 'parse time (warm)', 'ns', 4e6],
    ['hit rate = 93.5 %', 'hit rate', '1', 0.935],
    ['ndcg@10: 0.4432', 'ndcg@10', '1', 0.4432],
    ['  17', 'value', '1', 17],
    ['-1e-3', 'value', '1', -1e-3],
  ] as const)('%s is a number', (line, metric, unit, value) => {
    expect(observationsOf(line, 5, lower)).toEqual([{ metric, unit, value, better: 'lower' }])
  })
  test.each(['built in 3 parts', 'v1.2.3', 'done', 'parse: fast', '12 monkeys', 'Elapsed: 12:30', 'test 3 passed'])(
    '%s is none',
    (line) => {
      expect(observationsOf(line, 5, lower)).toEqual([{ metric: 'time', unit: 'ns', value: 5, better: 'lower' }])
    },
  )
  test('is read as JSON where it is JSON, by the path of each number', () => {
    const text = '{"parse": {"mean": 3, "runs": [1, 2, 9]}, "name": "x"}'
    expect(observationsOf(text, 5, lower)).toMatchObject([
      { metric: 'parse.mean', value: 3 },
      { metric: 'parse.runs', value: 2, samples: [1, 2, 9] },
    ])
  })
  test('holds several samples under one name, and which side is good', () => {
    const [speed] = observationsOf('speed: 3\nspeed: 1\nspeed: 2\n', 5, (metric) => metric === 'speed')
    expect(speed).toEqual({ metric: 'speed', unit: '1', better: 'higher', value: 2, samples: [3, 1, 2] })
  })
  test.each(['time NaN', 'time: inf', '1e999', '{"time": NaN}', '{"a": [1, -Infinity]}', '{"time": 1e999}'])(
    '%s is no measurement, and not nothing either',
    (text) => {
      expect(() => observationsOf(text, 5, () => false)).toThrow(/finite/)
    },
  )

  test('nothing: then its time is the number', () => {
    expect(observationsOf('all tests passed\n', 5e6, lower)).toEqual([
      { metric: 'time', unit: 'ns', better: 'lower', value: 5e6 },
    ])
  })
})

describe('a visit to a command', () => {
  test('runs in the folder, by the shell', async () => {
    writeFileSync(join(folder, 'numbers.txt'), 'work: 7\n')
    expect(await run('cat numbers.txt | tr 7 8')).toMatchObject({
      status: 'measured',
      observations: [{ metric: 'work', value: 8 }],
    })
  })
  test('that fails is an outcome, with its last words', async () => {
    expect(await run('echo no data >&2; exit 3')).toEqual({
      status: 'failed',
      error: { message: 'echo no data >&2; exit 3: exit 3: no data' },
    })
  })
  test('says what went wrong, wherever its language writes that', async () => {
    const said = async (command: string) => JSON.stringify(await run(command))
    expect(await said(`node -e 'throw new TypeError("no such door")'`)).toContain('exit 1: TypeError: no such door')
    expect(await said(`printf 'Traceback\\n  File x\\nKeyError: 3\\n' >&2; exit 1`)).toContain('exit 1: KeyError: 3')
  })

  test('ends when it takes too long, with all that it started', async () => {
    expect(await run('sleep 60 & sleep 60', 200)).toEqual({ status: 'timeout', limitMs: 200 })
  })
})

describe('instructions', () => {
  test('are read from what perf and callgrind write, over all processes', () => {
    expect(readCount('perf', '# started\n\n123456,,instructions:u,99,100.00,,\n')).toBe(123456)
    expect(readCount('callgrind', '==7== Collected : 100\n==8== Collected : 23\n')).toBe(123)
    expect(readCount('perf', '<not supported>,,instructions:u,0,100.00,,\n')).toBeUndefined()
  })
  const counters = availableCounters()
  test.skipIf(counters.length === 0)(
    'repeat to a part in a hundred where a counter works',
    async () => {
      const count = async () => {
        const outcome = await countInstructions(
          counters[0],
          { command: 'true', folder, timeoutMs: 60_000 },
          join(folder, 'count'),
        )
        return outcome.status === 'measured' ? outcome.observations[0].value : Number.NaN
      }
      const [first, second] = [await count(), await count()]
      expect(first).toBeGreaterThan(1000)
      expect(Math.abs(first / second - 1)).toBeLessThan(0.01)
    },
    60_000,
  )
  if (counters.length === 0) console.warn('instructions are not counted: neither perf nor valgrind counts here')
})
