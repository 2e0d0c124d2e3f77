/** Counts and digests of files, held against the catalogue. */

import { basename, dirname, join } from 'node:path'
import { readBytes } from '../../files/read-bytes.ts'
import { type LoadedFile, parseFile } from './cache.ts'
import { type CatalogueEntry, type PartEntry, rotation } from './catalogue.ts'
import { countLabels } from './count-labels.ts'
import { type Layout, partsIn } from './layout.ts'
import { createTextDigest } from './text-digest.ts'

export interface PartCheck {
  readonly expected: PartEntry
  readonly path: string
  readonly found: Omit<PartEntry, 'name'>
  readonly right: boolean
}

function check(expected: PartEntry, path: string, { data, sha256 }: LoadedFile): PartCheck {
  const found = { queries: data.queries.length, documents: data.labels.length, labels: countLabels(data), sha256 }
  const right =
    sha256 === expected.sha256 &&
    found.queries === expected.queries &&
    found.documents === expected.documents &&
    found.labels.join() === expected.labels.join()
  return { expected, path, found, right }
}

async function joinedDigest(paths: readonly string[]): Promise<string> {
  const digest = createTextDigest()
  for (const path of paths) for await (const chunk of readBytes(path)) digest.update(chunk)
  return digest.hex()
}

/** What a file that joins several parts must hold. */
async function expectJoined(name: string, entries: readonly PartEntry[], paths: readonly string[]): Promise<PartEntry> {
  const sum = (count: (entry: PartEntry) => number) => entries.reduce((total, entry) => total + count(entry), 0)
  return {
    name,
    queries: sum((entry) => entry.queries),
    documents: sum((entry) => entry.documents),
    labels: entries[0].labels.map((_, label) => sum((entry) => entry.labels[label])),
    sha256: await joinedDigest(paths),
  }
}

/** Train and validation files of Fold1..Fold5 are parts one after another; the test files are the parts. */
async function checkFoldFiles(entry: CatalogueEntry, layout: Layout, parts: readonly string[]): Promise<PartCheck[]> {
  if (layout.kind !== 'folds') return []
  const checks: PartCheck[] = []
  for (const [f, turn] of rotation.entries()) {
    for (const part of ['train', 'validation'] as const) {
      const path = layout.folds[f][part]
      if (path === undefined) continue
      const name = join(basename(dirname(path)), basename(path))
      const pick = <T>(items: readonly T[]) => turn[part].map((i) => items[i])
      const expected = await expectJoined(name, pick(entry.parts), pick(parts))
      checks.push(check(expected, path, await parseFile(path, { width: entry.width })))
    }
  }
  return checks
}

/**
 * Every file of a layout: S1..S5, and for a layout of folds also their train and validation files.
 * @param read how a part is read: past any cache, as it is the text that is checked
 * @returns undefined when the layout has no five parts
 * @throws RankBenchError(data) naming file and line of one that cannot be read
 */
export async function checkLayout(
  entry: CatalogueEntry,
  layout: Layout | undefined,
  read: (path: string, options: { width: number }) => Promise<LoadedFile>,
): Promise<PartCheck[] | undefined> {
  const parts = partsIn(layout)
  if (!layout || !parts) return undefined
  const { width } = entry
  const checks = await Promise.all(
    parts.map(async (path, i) => check(entry.parts[i], path, await read(path, { width }))),
  )
  return [...checks, ...(await checkFoldFiles(entry, layout, parts))]
}
