import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { RankingDataset } from '../../core/dataset.ts'
import { addDataset, verifyDataset } from '../manage.ts'
import { datasets } from '../registry.ts'
import { type CatalogueEntry, catalogue, rotation } from './catalogue.ts'
import { countLabels } from './count-labels.ts'
import { findDataset } from './find.ts'

const root = process.env.RANK_BENCH_DATA
const cases = catalogue.map((entry) => ({ entry, parts: findDataset(entry, root)?.parts ?? [] }))
for (const { entry, parts } of cases) {
  if (parts.length > 0) continue
  console.log(`skipped: ${entry.name} is not under RANK_BENCH_DATA: its counts and folds are not checked`)
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-real-'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
})

for (const { entry, parts } of cases) describe.skipIf(parts.length === 0)(entry.name, () => check(entry, parts))

function check(entry: CatalogueEntry, parts: readonly string[]): void {
  const dataset = datasets.get(entry.name) as RankingDataset

  /** Works on a copy: the data folder is not ours to write to. */
  function copied(): string {
    mkdirSync(join(folder, entry.folder))
    for (const path of parts) copyFileSync(path, join(folder, entry.folder, basename(path)))
    return folder
  }

  test('has the published queries, documents and labels in every part of every fold, parsed and from the cache', async () => {
    const context = { root: copied(), seed: 1 }
    const expected = (indices: readonly number[]) => {
      const chosen = indices.map((i) => entry.parts[i])
      const sum = (values: readonly number[]) => values.reduce((a, b) => a + b)
      return {
        queries: sum(chosen.map((part) => part.queries)),
        documents: sum(chosen.map((part) => part.documents)),
        labels: [0, 1, 2].map((label) => sum(chosen.map((part) => part.labels[label]))),
        width: entry.width,
        named: true,
      }
    }
    for (const turn of [...rotation, ...rotation]) {
      const fold = await dataset.load(turn.name, {}, context)
      for (const part of ['train', 'validation', 'test'] as const) {
        const { queries, labels, width, documents } = fold[part]
        const found = {
          queries: new Set(queries).size,
          documents: labels.length,
          labels: countLabels(fold[part]),
          width,
          named: documents?.length === labels.length,
        }
        expect(found).toEqual(expected(turn[part]))
      }
    }
  })
  test('is added from the folds its publisher ships, with CRLF, and then verified', async () => {
    const texts = parts.map((path) => {
      const bytes = readFileSync(path)
      return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').replaceAll(/\r?\n/g, '\r\n')
    })
    for (const [f, turn] of rotation.entries()) {
      const inside = join(folder, 'source', `Fold${f + 1}`)
      mkdirSync(inside, { recursive: true })
      const text = (indices: readonly number[]) => indices.map((i) => texts[i]).join('')
      writeFileSync(join(inside, 'train.txt'), text(turn.train), 'latin1')
      writeFileSync(join(inside, 'vali.txt'), text(turn.validation), 'latin1')
      writeFileSync(join(inside, 'test.txt'), text(turn.test), 'latin1')
    }
    const added = join(folder, 'added')
    expect(await addDataset(entry.name, join(folder, 'source'), added)).toBe(join(added, entry.folder))
    expect((await verifyDataset(entry.name, added)).every((check) => check.right)).toBe(true)
    const copy = { root: copied(), seed: 1 }
    expect(await dataset.digest({}, { root: added, seed: 1 })).toBe(await dataset.digest({}, copy))
  })
}
