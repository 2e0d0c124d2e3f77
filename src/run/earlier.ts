/** What visits took in runs that lie here. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dataError } from '../core/errors.ts'
import type { Visit } from '../core/result.ts'
import type { Environment } from '../measure/environment.ts'
import { readJournal } from '../store/journal.ts'
import { journalPath, type RunFile, readRunFile, runFilePath } from '../store/run.ts'
import { type EarlierVisit, likenessOf } from './estimate.ts'
import { finishedVisits } from './finished.ts'

/** Enough to know what an experiment takes; journals of long runs are large. */
const mostRuns = 12

const startedAt = (folder: string): number => statSync(runFilePath(folder)).mtimeMs

/** Folders of runs below one, the newest first. */
function runsBelow(parent: string): string[] {
  const folders = existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : []
  return folders.filter((folder) => existsSync(runFilePath(folder))).sort((a, b) => startedAt(b) - startedAt(a))
}

const visitsOf = (run: RunFile<Environment>, visits: readonly Visit[]): EarlierVisit[] => {
  const cells = new Map(run.cells.map(({ key, cell }) => [key, cell]))
  return visits.flatMap(({ key, elapsedMs, outcome }) => {
    const cell = cells.get(key)
    if (!cell || outcome.status !== 'measured') return []
    return [{ key, experiment: cell.experiment.name, likeness: likenessOf(cell), elapsedMs }]
  })
}

function visitsHere(folder: string, { cpu, cores }: Environment['stable']): EarlierVisit[] {
  const run = readRunFile<Environment>(folder)
  const { stable } = run.environment
  if (stable.cpu !== cpu || stable.cores !== cores || !existsSync(journalPath(folder))) return []
  return visitsOf(run, readJournal(journalPath(folder)).visits)
}

/**
 * What the visits of one run took, wherever that was: costs count beside each other.
 * @throws RankBenchError(data) where there is no run, or none of its visits is kept
 */
export function visitsOfRun(folder: string): EarlierVisit[] {
  const run = readRunFile<Environment>(folder)
  const visits = visitsOf(run, finishedVisits(folder, run))
  if (visits.length > 0) return visits
  throw dataError(`${folder} measured nothing: no costs can be read from it`, 'name a run that has finished visits')
}

/** Finished visits on this machine, of the newest runs below `parent` and of `own`. A run that cannot be read tells nothing. */
export function earlierVisits(parent: string, own: string | undefined, machine: Environment['stable']): EarlierVisit[] {
  const folders = [...(own !== undefined && existsSync(runFilePath(own)) ? [own] : []), ...runsBelow(parent)]
  return [...new Set(folders)].slice(0, mostRuns).flatMap((folder) => {
    try {
      return visitsHere(folder, machine)
    } catch {
      return []
    }
  })
}
