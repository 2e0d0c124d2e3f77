/** A catalogued data set on this machine. */

import { basename } from 'node:path'
import { absentError } from '../../core/errors.ts'
import type { CatalogueEntry } from './catalogue.ts'
import { findLayout, folderNamed, type Layout, partsIn } from './layout.ts'

/** Folder of a data set under a root, whatever its case; the root itself may be it. */
export function datasetFolder(entry: CatalogueEntry, root: string | undefined): string | undefined {
  if (root === undefined) return undefined
  return folderNamed(root, entry.folder) ?? (basename(root).toLowerCase() === entry.folder ? root : undefined)
}

interface FoundDataset {
  readonly folder: string
  readonly layout: Layout
  /** Paths of S1..S5. */
  readonly parts: readonly string[]
}

/** Undefined when its folder is not there, or holds neither S1..S5 nor Fold1..Fold5. */
export function findDataset(entry: CatalogueEntry, root: string | undefined): FoundDataset | undefined {
  const folder = datasetFolder(entry, root)
  const layout = folder === undefined ? undefined : findLayout(folder)
  const parts = partsIn(layout)
  return folder !== undefined && layout && parts ? { folder, layout, parts } : undefined
}

/** @throws RankBenchError(absent) with its licence, where to put it, and how to go on without */
export function requireDataset(entry: CatalogueEntry, root: string | undefined): FoundDataset {
  const found = findDataset(entry, root)
  if (found) return found
  const where =
    root === undefined
      ? 'no data root is set (--data or RANK_BENCH_DATA)'
      : `${root} has no folder ${entry.folder} with S1..S5 or Fold1..Fold5`
  throw absentError(
    `${entry.name} is not on this machine: ${where}; licence: ${entry.licence}`,
    `get it from ${entry.home}, then rank-bench data add ${entry.name} <folder or archive>, or put it into ` +
      `${root ?? '<data root>'}/${entry.folder} and rank-bench data verify ${entry.name}; without it: -d synthetic-letor`,
  )
}
