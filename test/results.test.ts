/** Every committed run renders again from what is committed with it, byte for byte: pages, tables and pictures. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formats } from '../src/report/formats/formats.ts'
import { loadRun } from '../src/run/load.ts'
import { figuresOf, reportTables } from '../src/run/report.ts'
import { readSamples } from '../src/store/run.ts'
import { isWhole } from '../src/store/samples.ts'

const results = 'results'
const names = readdirSync(results).filter((name) => existsSync(join(results, name, 'run.json')))

test('there are runs to open', () => {
  expect(names.length).toBeGreaterThan(5)
})

/** As `rank-bench report <name>` reads it inside results/. */
const committed = async (name: string) => ({ ...(await loadRun(join(results, name))), directory: name })

/** File names with their texts; a folder that is not there has none. */
function textsIn(folder: string): Record<string, string> {
  const files = existsSync(folder) ? readdirSync(folder) : []
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
}

describe.each(names)('results/%s', (name) => {
  test('keeps all that its journal held', () => {
    expect(isWhole(readSamples(join(results, name))!)).toBe(true)
  })
  test('renders again: report, tables and pictures', { timeout: 300_000 }, async () => {
    const run = await committed(name)
    const tables = await reportTables(run, { papers: run.papers ?? [] })
    expect(run.entries.length).toBeGreaterThan(0)
    expect(formats.markdown(tables)).not.toMatch(/undefined|\[object/)
    expect(formats.markdown(tables) === readFileSync(join(results, name, 'report.md'), 'utf8')).toBe(true)
    expect(formats.json(tables) === readFileSync(join(results, name, 'tables.json'), 'utf8')).toBe(true)
    const figures = (await figuresOf(run)).map(({ name: figure, svg }) => [`${figure}.svg`, svg])
    expect(Object.fromEntries(figures)).toEqual(textsIn(join(results, name, 'figures')))
  })
})
