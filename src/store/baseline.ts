/** Runs kept under a name, to be compared with later: `baselines/<name>` holds a run as its directory does. */

import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { dataError, usageError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { journalPath, runFilePath } from './run.ts'

const folder = 'baselines'

const kept = ['run.json', 'journal.jsonl', 'samples.arrow', 'samples.arrow.gz']

/** @throws RankBenchError(usage) for what is no plain name */
export function baselineName(text: string): string {
  if (/^[\w][\w.-]*$/.test(text)) return text
  throw usageError(
    `read the baseline name ${JSON.stringify(text)}; expected letters, digits, dots and dashes, e.g. main`,
  )
}

/** Keeps a finished run under a name; an earlier one of that name is replaced once the new one is whole. @returns where */
export function saveBaseline(name: string, directory: string): string {
  const target = join(folder, baselineName(name))
  const making = join(folder, `.${name}.${process.pid}`)
  mkdirSync(making, { recursive: true })
  for (const file of kept) if (existsSync(join(directory, file))) cpSync(join(directory, file), join(making, file))
  rmSync(target, { recursive: true, force: true })
  renameSync(making, target)
  return target
}

const baselines = (): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : []

/** The directory of a run, or of a baseline by its name. @throws RankBenchError(data) when there is neither */
export function findRun(text: string): string {
  const named = join(folder, text)
  const found = [text, named].find((each) => existsSync(runFilePath(each)) || existsSync(journalPath(each)))
  if (found !== undefined) return found
  throw dataError(
    `${text} is neither the directory of a run nor a baseline`,
    didYouMean(text, baselines(), `rank-bench run --save ${/^\w/.test(text) ? text : 'main'} keeps one`),
  )
}
