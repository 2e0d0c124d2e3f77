/** The verbs as functions: measured, read back, reported, judged, evaluated and compared from a program, without a word printed. */

import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './harness.ts'

// As built: measuring processes are started from there.
const library: typeof import('../src/index.ts') = await import(resolve('dist/index.js'))

describe('a program', () => {
  test('runs a config, reads the run back, and gets the same tables', async () => {
    const out = join(temporaryFolder(), 'run')
    const notes: string[] = []
    const config = {
      name: 'mine',
      suites: [{ experiment: 'example', methods: ['rank:permutahedron'], datasets: ['given'] }],
    }
    const { data, interrupted } = await library.run(config, { out, events: { note: (text) => notes.push(text) } })
    expect(interrupted).toBe(false)
    expect(data.entries.map(({ result }) => result.status)).toEqual(['measured'])
    const again = await library.loadRun(out)
    const [first, second] = [await library.report(data), await library.report(again)]
    expect(await library.render(second, 'markdown')).toBe(await library.render(first, 'markdown'))
    expect(second.at(-1)!.id).toBe('run')
  }, 60_000)

  test('judges what was measured against a paper', async () => {
    const out = join(temporaryFolder(), 'run')
    const config = {
      name: 'printed',
      suites: [
        {
          experiment: 'example',
          methods: ['sort:permutahedron[strength=0.1|1]', 'rank:permutahedron[strength=1|2]'],
          datasets: ['given[values=5x1x2]'],
        },
      ],
    }
    const { data } = await library.run(config, { out })
    const { key } = await library.judge('fast-soft-sort', data)
    expect(key).toBe('fast-soft-sort')
  }, 60_000)

  test('evaluates scores under a named convention, and compares rankings', async () => {
    const lists = {
      offsets: Uint32Array.of(0, 3, 6),
      labels: Float64Array.of(0, 1, 2, 0, 1, 0),
      scores: Float64Array.of(1, 2, 3, 3, 2, 1),
    }
    const values = (await library.evaluate(lists, 'p@1:letor4')).get('p@1:letor4')!
    expect(Array.from(values)).toEqual([1, 0])
    const perQuery = Array.from({ length: 12 }, (_, q) => q / 12)
    const table = await library.compare('p@1:letor4', [
      { name: 'mine', perQuery },
      { name: 'half', perQuery: perQuery.map((value) => value / 2) },
    ])
    expect(table.rows.map((row) => row[0].text)).toEqual(['mine', 'half'])
  })
})
