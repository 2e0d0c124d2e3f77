/** What visits took in runs that lie here. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../measure/environment.ts'
import { readJournal } from '../store/journal.ts'
import { journalPath, readRunFile, runFilePath } from '../store/run.ts'
import type { EarlierVisit } from './estimate.ts'

/** Enough to know what an experiment takes; journals of long runs are large. */
const mostRuns = 12

const startedAt = (folder: string): number => statSync(runFilePath(folder)).mtimeMs

/** Folders of runs below one, the newest first. */
function runsBelow(parent: string): string[] {
  const folders = existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : []
  return folders.filter((folder) => existsSync(runFilePath(folder))).sort((a, b) => startedAt(b) - startedAt(a))
}

function visitsOf(folder: string, { cpu, cores }: Environment['stable']): EarlierVisit[] {
  const run = readRunFile<Environment>(folder)
  const { stable } = run.environment
  if (stable.cpu !== cpu || stable.cores !== cores || !existsSync(journalPath(folder))) return []
  const experiments = new Map(run.cells.map(({ key, cell }) => [key, cell.experiment.name]))
  return readJournal(journalPath(folder)).visits.flatMap(({ key, elapsedMs, outcome }) =>
    outcome.status === 'measured' ? [{ key, experiment: experiments.get(key) ?? '', elapsedMs }] : [],
  )
}

/** Finished visits on this machine, of the newest runs below `parent` and of `own`. A run that cannot be read tells nothing. */
export function earlierVisits(parent: string, own: string | undefined, machine: Environment['stable']): EarlierVisit[] {
  const folders = [...(own !== undefined && existsSync(runFilePath(own)) ? [own] : []), ...runsBelow(parent)]
  return [...new Set(folders)].slice(0, mostRuns).flatMap((folder) => {
    try {
      return visitsOf(folder, machine)
    } catch {
      return []
    }
  })
}
