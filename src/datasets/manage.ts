/** What `rank-bench data` does: where data is, whether it is right, and putting it there. */

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { dataError, RankBenchError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { mnistFiles } from './images/mnist.ts'
import { labelRankingFiles } from './label-ranking/kind.ts'
import { parseFile, reloadFile } from './letor/cache.ts'
import { userCacheFolder } from './letor/cache-place.ts'
import { type CatalogueEntry, catalogue } from './letor/catalogue.ts'
import { datasetFolder, findDataset, requireDataset } from './letor/find.ts'
import { findLayout } from './letor/layout.ts'
import { placeFiles } from './letor/place.ts'
import { cutIntoParts, withFolder } from './letor/unpack.ts'
import { checkLayout, type PartCheck } from './letor/verify.ts'
import type { FilesEntry } from './published/entry.ts'
import { filesIn, folderOf, requireFiles } from './published/find.ts'
import { addFiles, describeFileCheck, type FileCheck, singleFile, verifyFiles } from './published/manage.ts'
import { catalogue as regressionFiles } from './regression/catalogue.ts'

/** --data, else RANK_BENCH_DATA, else the user's cache folder where something was added. */
export function dataRoot({ flag, env }: { flag?: string | undefined; env: NodeJS.ProcessEnv }): string | undefined {
  const named = flag || env.RANK_BENCH_DATA
  if (named) return resolve(named)
  const added = defaultRoot(env)
  return existsSync(added) ? added : undefined
}

/** Where `data add` puts things when no root is named. */
export const defaultRoot = (env: NodeJS.ProcessEnv): string => join(userCacheFolder(env), 'data')

/** A data set that is files: parts of lists that are parsed and counted, or files that are known by their digests. */
type Published = CatalogueEntry | FilesEntry

const published: readonly Published[] = [...catalogue, mnistFiles, ...labelRankingFiles, ...regressionFiles]

const isLists = (entry: Published): entry is CatalogueEntry => 'parts' in entry

/** @throws RankBenchError(data) with the nearest name */
function publishedEntry(name: string): Published {
  const entry = published.find((each) => each.name === name)
  if (entry) return entry
  const names = published.map((each) => each.name)
  throw dataError(`no data set with files is called "${name}"`, didYouMean(name, names, 'rank-bench data list'))
}

interface DatasetStatus {
  readonly entry: Published
  /** Folder on this machine; undefined when it is absent. */
  readonly folder: string | undefined
}

/** A folder in which something is missing is reported where it is used; here it is not a data set. */
function wholeFolder(entry: Published, root: string | undefined): string | undefined {
  if (!isLists(entry)) {
    const folder = folderOf(entry, root)
    return filesIn(entry, folder) && folder
  }
  try {
    return findDataset(entry, root)?.folder
  } catch (error) {
    if (error instanceof RankBenchError) return undefined
    throw error
  }
}

/** Every data set that is files, and where it is. */
export const listDatasets = (root: string | undefined): DatasetStatus[] =>
  published.map((entry) => ({ entry, folder: wholeFolder(entry, root) }))

/** @throws RankBenchError(absent) when it is not here */
export function datasetPath(name: string, root: string | undefined): string {
  const entry = publishedEntry(name)
  if (isLists(entry)) return requireDataset(entry, root).folder
  requireFiles(entry, root)
  return folderOf(entry, root)!
}

/** A file of a data set as it was found. */
type Check = PartCheck | FileCheck

/**
 * Every file of a data set, counts and digest, expected and found. Reads the text past any cache, and renews the cache.
 * @throws RankBenchError(absent) when it is not here, RankBenchError(data) when a file cannot be read
 */
export async function verifyDataset(name: string, root: string | undefined): Promise<readonly Check[]> {
  const entry = publishedEntry(name)
  if (!isLists(entry)) return verifyFiles(entry, root)
  const { layout } = requireDataset(entry, root)
  return (await checkLayout(entry, layout, reloadFile))!
}

/** `✓ S1: 157 queries, ...`, or `✗` with what was expected. */
export function describeCheck(check: Check): string {
  if ('bytes' in check.found) return describeFileCheck(check as FileCheck)
  const { expected, found, right, path } = check as PartCheck
  const facts = `${found.queries} queries, ${found.documents} documents, labels ${found.labels.join('/')}, SHA-256 ${found.sha256.slice(0, 12)}…`
  if (right) return `✓ ${expected.name}: ${facts}`
  return `✗ ${expected.name} (${path}): ${facts}; expected ${expected.queries} queries, ${expected.documents} documents, labels ${expected.labels.join('/')}, SHA-256 ${expected.sha256.slice(0, 12)}…`
}

const wrongOnes = (checks: readonly Check[]): string =>
  checks
    .filter((check) => !check.right)
    .map((check) => `\n  ${describeCheck(check)}`)
    .join('')

async function addFolder(entry: CatalogueEntry, folder: string, source: string, target: string): Promise<void> {
  const checks = await checkLayout(entry, findLayout(folder), parseFile)
  if (!checks) {
    throw dataError(
      `${source} holds neither S1..S5 nor Fold1..Fold5 of ${entry.name}`,
      `expected ${entry.obtain}; ${entry.home}`,
    )
  }
  const wrong = wrongOnes(checks)
  if (wrong) throw dataError(`${source} is not ${entry.name}:${wrong}`, 'nothing was copied')
  const parts = checks.slice(0, entry.parts.length)
  placeFiles(
    parts.map(({ expected, path }) => ({ stem: expected.name, from: path })),
    target,
  )
}

/**
 * Copies what a publisher ships into the data root after checking every file, and builds the cache.
 * @param source a folder of S1..S5 or Fold1..Fold5 or of the files of its entry, one file of all, or a tar or zip archive; plain or
 *   packed
 * @returns the folder it now is in
 * @throws RankBenchError(data) when it is another thing (nothing is then copied), or cannot be unpacked or written
 */
export async function addDataset(name: string, source: string, root: string): Promise<string> {
  const entry = publishedEntry(name)
  if (!isLists(entry))
    return withFolder(source, entry, singleFile(entry, source), (folder) => addFiles(entry, folder, source, root))
  const target = datasetFolder(entry, root) ?? join(root, entry.folder)
  const cut = (text: Buffer, folder: string) => cutIntoParts(text, entry, folder)
  await withFolder(source, entry, cut, (folder) => addFolder(entry, folder, source, target))
  const wrong = wrongOnes(await verifyDataset(name, root))
  if (wrong) throw dataError(`${target} is not ${name} after copying:${wrong}`, 'check the disk, then add it again')
  return target
}
