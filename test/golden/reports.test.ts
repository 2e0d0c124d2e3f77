/**
 * What a reader of a report sees, to the letter: every table of every experiment, every format, every picture, of one small run of
 * made-up times (make-run.mjs says how it was made). After a change that was meant:
 *
 *   npx vitest run test/golden -u
 *
 * and look at what git says has changed.
 */

import { beforeAll, describe, expect, test } from 'vitest'
import type { Figure, ReportTable, RunData } from '../../src/core/report.ts'
import { experiments } from '../../src/experiments/registry.ts'
import { type Format, formats } from '../../src/report/formats/formats.ts'
import { html } from '../../src/report/formats/html.ts'
import { loadRun } from '../../src/run/load.ts'
import { brief, figuresOf, pageOf, reportTables } from '../../src/run/report.ts'
import { pictureText } from './picture-text.ts'

const folder = 'test/golden/run'
const papers = ['test/golden/paper']

let run: RunData
let tables: readonly ReportTable[]
beforeAll(async () => {
  run = await loadRun(folder)
  tables = await reportTables(run, { papers, conventions: true, commands: true })
})

/** Ids hold selectors; that of the trained rankers is the same everywhere, and long. */
const fileOf = (id: string): string => id.replaceAll(/\bletor\[trials[^\]]*\]/g, 'letor').replaceAll(/[^\w.-]+/g, '_')

/** As a program asks for it, without a screen. */
const render: (format: Format, tables: readonly ReportTable[]) => string = (format, shown) =>
  format === 'terminal' ? formats.terminal(shown, {}) : formats[format](shown)

test('the run holds every experiment, measured, failed, out of time and skipped', () => {
  const ran = new Set(run.entries.map(({ cell }) => cell.experiment.name))
  // Scripts and agreement are those of peers, of whom the run has none; the contest of operators that sort is rendered in results/.
  expect([...experiments.keys()].filter((name) => !ran.has(name))).toEqual([
    'speed-as-published',
    'peer-agreement',
    'sorting-contest',
    'sorting-step',
  ])
  expect([...new Set(run.entries.map(({ result }) => result.status))].sort()).toEqual([
    'failed',
    'measured',
    'skipped',
    'timeout',
  ])
})

test('every table reads as it did', async () => {
  expect(new Set(tables.map(({ id }) => fileOf(id))).size).toBe(tables.length)
  await expect(tables.map(({ id }) => id).join('\n')).toMatchFileSnapshot('./tables/_ids.txt')
  for (const table of tables) {
    await expect(formats.markdown([table])).toMatchFileSnapshot(`./tables/${fileOf(table.id)}.md`)
  }
})

test('what a terminal shows after a run reads as it did, at 80 columns too', async () => {
  const { shown, left } = await brief(run, papers)
  const text = (width: number) =>
    `${formats.terminal(shown, { width })}\nleft out: ${left.map(({ id }) => id).join(', ')}\n`
  await expect(text(160)).toMatchFileSnapshot('./brief-160.txt')
  await expect(text(80)).toMatchFileSnapshot('./brief-80.txt')
})

describe('formats', () => {
  test.each(Object.keys(formats) as Format[])('%s reads as it did', async (format) => {
    const some = tables.filter(({ id }) => /^(conclusion|operators|summary\/families|not-measured|run)/.test(id))
    expect(some.length).toBeGreaterThan(3)
    await expect(render(format, some)).toMatchFileSnapshot(`./formats/${format}.txt`)
  })
})

describe('pictures', () => {
  let figures: readonly Figure[]
  beforeAll(async () => {
    figures = await figuresOf(run)
  })

  test('every picture has the words and marks that it had', async () => {
    await expect(figures.map(({ name }) => name).join('\n')).toMatchFileSnapshot('./figures/_names.txt')
    for (const figure of figures) {
      await expect(pictureText(figure)).toMatchFileSnapshot(`./figures/${fileOf(figure.name)}.txt`)
    }
  })

  test('a page holds all tables and pictures', async () => {
    const page = html(tables, figures, pageOf(run))
    const words = page
      .replaceAll(/<(style|script)[\s\S]*?<\/\1>/g, '')
      .replaceAll(/<svg[\s\S]*?<\/svg>/g, '[picture]')
      .replaceAll(/<[^>]*>/g, '\n')
      .replaceAll(/\s*\n\s*/g, '\n')
    await expect(words).toMatchFileSnapshot('./formats/page-words.txt')
  })
})
