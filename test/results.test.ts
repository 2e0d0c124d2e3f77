/** Every committed run renders again from what is committed with it, byte for byte: pages, tables and pictures. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cellKey } from '../src/core/cell.ts'
import { formats } from '../src/report/formats/formats.ts'
import { loadRun } from '../src/run/load.ts'
import { figuresOf, reportTables } from '../src/run/report.ts'
import { readRunFile, readSamples } from '../src/store/run.ts'
import { isWhole } from '../src/store/samples.ts'
import { rankBench, temporaryFolder } from './harness.ts'

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
  const folder = join(results, name)

  test('keeps all that its journal held', () => {
    expect(isWhole(readSamples(folder)!)).toBe(true)
  })
  test('opens, and renders again: report, tables and pictures', { timeout: 300_000 }, async () => {
    const run = await committed(name)
    const tables = await reportTables(run, { papers: run.papers ?? [] })
    expect(run.entries.length).toBeGreaterThan(0)
    expect(formats.markdown(tables)).not.toMatch(/undefined|\[object/)
    expect(formats.markdown(tables) === readFileSync(join(folder, 'report.md'), 'utf8')).toBe(true)
    expect(formats.json(tables) === readFileSync(join(folder, 'tables.json'), 'utf8')).toBe(true)
    const figures = (await figuresOf(run)).map(({ name: figure, svg }) => [`${figure}.svg`, svg])
    expect(Object.fromEntries(figures)).toEqual(textsIn(join(folder, 'figures')))
  })

  // Names are those of the day it was measured: a key is of what is stored, and today's code makes the same of it.
  test('every cell has the key of its content', () => {
    const { cells } = readRunFile(folder)
    expect(cells.filter(({ key, cell }) => cellKey(cell) !== key)).toEqual([])
    expect(new Set(cells.map(({ key }) => key)).size).toBe(cells.length)
  })
})

const endings: Readonly<Record<string, string>> = { md: 'markdown', html: 'html' }
const pages = names.flatMap((name) =>
  Object.keys(endings)
    .filter((ending) => existsSync(join(results, `${name}.${ending}`)))
    .map((ending) => [`${name}.${ending}`, name, endings[ending]] as const),
)

describe('pages to read first', () => {
  const folder = temporaryFolder()
  test('stand beside some folders', () => {
    expect(pages.length).toBeGreaterThanOrEqual(4)
  })
  test.each(pages)('%s is the summary of its folder', { timeout: 300_000 }, (page, name, format) => {
    const made = join(folder, page)
    const { code } = rankBench(['report', name, '--summary', '--format', format, '-o', made], { cwd: results })
    expect(code).toBe(0)
    expect(readFileSync(made, 'utf8') === readFileSync(join(results, page), 'utf8')).toBe(true)
  })
})
