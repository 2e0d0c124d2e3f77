/** Every committed run opens and renders from what is committed. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cellKey } from '../src/core/cell.ts'
import { markdown } from '../src/report/formats/markdown.ts'
import { loadRun } from '../src/run/load.ts'
import { reportTables } from '../src/run/report.ts'
import { readRunFile, readSamples } from '../src/store/run.ts'
import { isWhole } from '../src/store/samples.ts'

const folders = (readdirSync('results', { recursive: true }) as string[])
  .filter((path) => path.endsWith('run.json'))
  .map((path) => join('results', path, '..'))
  .sort()

const papersOf = (folder: string): readonly string[] =>
  JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')).config.papers ?? []

/** What stands above and below what was measured; the committed reports were written without it. */
const added = ['conclusion', 'not-measured']

test('there are runs to open', () => {
  expect(folders.length).toBeGreaterThan(5)
})

describe.each(folders)('%s', (folder) => {
  const whole = isWhole(readSamples(folder)!)
  if (!whole)
    console.log(`${folder}: its samples file is of the older kind, so only numbers with samples come out again`)

  test('opens and renders', async () => {
    const run = await loadRun(folder)
    const tables = await reportTables(run, { papers: papersOf(folder) })
    const rendered = markdown(tables.filter(({ id }) => !added.includes(id)))
    expect(run.entries.length).toBeGreaterThan(0)
    expect(rendered).not.toMatch(/undefined|\[object/)
    if (whole) expect(rendered).toBe(readFileSync(join(folder, 'report.md'), 'utf8'))
  }, 120_000)

  // Names are those of the day it was measured: a key is of what is stored, and today's code makes the same of it.
  test('every cell has the key of its content', () => {
    const { cells } = readRunFile(folder)
    expect(cells.filter(({ key, cell }) => cellKey(cell) !== key)).toEqual([])
    expect(new Set(cells.map(({ key }) => key)).size).toBe(cells.length)
  })
})
