/** What `rank-bench data` does: where data is, whether it is right, and putting it there. */

import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { RankingData } from '../core/dataset.ts'
import { dataError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { loadFile, userCacheFolder } from './letor/cache.ts'
import { type CatalogueEntry, catalogue, type PartEntry } from './letor/catalogue.ts'
import { datasetFolder, partsOf } from './letor/dataset.ts'
import { findParts } from './letor/layout.ts'

/** --data, else RANK_BENCH_DATA, else the user's cache folder where something was added. */
export function dataRoot({ flag, env }: { flag?: string | undefined; env: NodeJS.ProcessEnv }): string | undefined {
  const named = flag ?? env.RANK_BENCH_DATA
  if (named) return resolve(named)
  const added = defaultRoot(env)
  return existsSync(added) ? added : undefined
}

/** Where `data add` puts things when no root is named. */
export const defaultRoot = (env: NodeJS.ProcessEnv): string => join(userCacheFolder(env), 'data')

/** @throws RankBenchError(data) with the nearest name */
export function catalogueEntry(name: string): CatalogueEntry {
  const entry = catalogue.find((each) => each.name === name)
  if (entry) return entry
  const names = catalogue.map((each) => each.name)
  throw dataError(`no data set with files is called "${name}"`, didYouMean(name, names, 'rank-bench data list'))
}

export interface DatasetStatus {
  readonly entry: CatalogueEntry
  /** Folder on this machine; undefined when it is absent. */
  readonly folder: string | undefined
}

export const listDatasets = (root: string | undefined): DatasetStatus[] =>
  catalogue.map((entry) => {
    const folder = datasetFolder(entry, root)
    return { entry, folder: folder !== undefined && findParts(folder) ? folder : undefined }
  })

/** @throws RankBenchError(data) when it is absent */
export function datasetPath(name: string, root: string | undefined): string {
  const entry = catalogueEntry(name)
  partsOf(entry, root)
  return datasetFolder(entry, root)!
}

export interface PartCheck {
  readonly expected: PartEntry
  readonly path: string
  readonly found: Omit<PartEntry, 'name'>
  readonly right: boolean
}

function countLabels(data: RankingData): number[] {
  const counts: number[] = []
  for (const label of data.labels) counts[label] = (counts[label] ?? 0) + 1
  return Array.from(counts, (count) => count ?? 0)
}

async function checkPart(path: string, expected: PartEntry): Promise<PartCheck> {
  const { data, sha256 } = await loadFile(path)
  const found = { queries: data.queries.length, documents: data.labels.length, labels: countLabels(data), sha256 }
  const right =
    sha256 === expected.sha256 &&
    found.queries === expected.queries &&
    found.documents === expected.documents &&
    found.labels.join() === expected.labels.join()
  return { expected, path, found, right }
}

/** Every part: counts and digest, expected and found. @throws RankBenchError(data) when absent or unreadable */
export async function verifyDataset(name: string, root: string | undefined): Promise<PartCheck[]> {
  const entry = catalogueEntry(name)
  const paths = partsOf(entry, root)
  return Promise.all(paths.map((path, i) => checkPart(path, entry.parts[i])))
}

/** `S1: SHA-256 ..., expected ...; 156 queries, expected 157` */
export function describeCheck({ expected, found, right, path }: PartCheck): string {
  const facts = `${found.queries} queries, ${found.documents} documents, labels ${found.labels.join('/')}, SHA-256 ${found.sha256.slice(0, 12)}…`
  if (right) return `✓ ${expected.name}: ${facts}`
  return `✗ ${expected.name} (${path}): ${facts}; expected ${expected.queries} queries, ${expected.documents} documents, labels ${expected.labels.join('/')}, SHA-256 ${expected.sha256.slice(0, 12)}…`
}

/**
 * Copies a publisher's folder into the data root after checking every part, and builds the cache.
 * @returns the folder it now is in
 * @throws RankBenchError(data) when the folder has no known layout or a part is another file; nothing is then copied
 */
export async function addDataset(name: string, source: string, root: string): Promise<string> {
  const entry = catalogueEntry(name)
  const parts = findParts(source)
  if (!parts) {
    throw dataError(
      `${source} holds neither S1..S5 nor Fold1..Fold5 of ${name}`,
      `unpack the archive first: ${entry.obtain}; ${entry.home}`,
    )
  }
  const checks = await Promise.all(parts.map((path, i) => checkPart(path, entry.parts[i])))
  const wrong = checks.filter((check) => !check.right)
  if (wrong.length > 0)
    throw dataError(`${source} is not ${name}:\n  ${wrong.map(describeCheck).join('\n  ')}`, 'nothing was copied')
  const target = join(root, entry.folder)
  mkdirSync(target, { recursive: true })
  for (const { path, expected } of checks)
    copyFileSync(path, join(target, `${expected.name}.txt${path.endsWith('.gz') ? '.gz' : ''}`))
  await verifyDataset(name, root)
  return target
}
