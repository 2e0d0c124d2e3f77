/**
 * Runs and shards of one plan -> one run. Nothing is measured and nothing lost: what lies in the folder already is merged too.
 * Cells are held in memory, visits as places in the journals that they came from.
 */

import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { dataError, usageError } from '../../core/errors.ts'
import type { RunCell } from '../../core/result.ts'
import type { Environment } from '../../measure/environment.ts'
import { answerText } from '../../results/result-of.ts'
import { readJournal } from '../../store/journal.ts'
import { parseLine } from '../../store/journal-line.ts'
import { type Lock, lockRun } from '../../store/lock.ts'
import { holdsRun, journalPath, type RunFile, writeAtomically, writeRunFile } from '../../store/run.ts'
import { samplesToArrow } from '../../store/samples.ts'
import { remaining } from '../remaining.ts'
import { shardsBelow } from '../shards/place.ts'
import { requireOneRun, runFileOfAll } from './agree.ts'
import { type Kept, keepTimed, keepUntimed, outline } from './choose.ts'
import { commonPlan, type Found, readSource, type Source } from './source.ts'

/** A cell that a reader of the merged run has to know of, and why. */
interface NamedCell {
  readonly planned: RunCell
  readonly state: 'missing' | 'failed' | 'double' | 'differs'
}

export interface Merged {
  readonly directory: string
  readonly run: RunFile<Environment>
  readonly sources: number
  readonly machines: number
  readonly measured: number
  readonly skipped: number
  readonly named: readonly NamedCell[]
}

export interface MergeOptions {
  readonly out: string
  /** Told what a reader should know: damaged lines, what is left out. */
  readonly note?: (text: string) => void
}

/** Each folder that holds a run; of one that holds shards, those. @throws RankBenchError(data) for one that holds neither */
function sourceFolders(given: readonly string[]): string[] {
  return given.flatMap((folder) => {
    const shards = shardsBelow(folder)
    const own = holdsRun(folder) ? [folder] : []
    if (shards.length + own.length > 0) return [...own, ...shards]
    throw dataError(
      `${folder} holds neither a run (run.json) nor shards of one (shard-1-of-8, ...)`,
      existsSync(folder) ? 'rank-bench list runs' : 'there is no such folder',
    )
  })
}

/** @throws RankBenchError(usage) for a folder whose journal is one shard's */
function requireOut(source: Source): Source {
  if (!source.run.shard) return source
  source.close()
  throw usageError(`--out ${source.directory} is a shard itself`, 'choose a folder of its own')
}

interface Choice {
  readonly planned: RunCell
  readonly kept: Kept
}

/** The visits of every cell, in the order of the plan. */
function choose(cells: readonly RunCell[], sources: readonly Source[], note: (text: string) => void): Choice[] {
  const places = new Map(cells.map(({ key }, at) => [key, at]))
  const found: Found[][] = cells.map(() => [])
  let strangers = 0
  for (const [at, source] of sources.entries()) {
    for (const each of source.found(at, note)) {
      const place = places.get(each.key)
      if (place === undefined) strangers++
      else found[place].push({ ...each, key: cells[place].key })
    }
  }
  if (strangers > 0) note(`warning: ${strangers} visits to cells that are not in the plan are left out`)
  const line = (each: Found) => sources[each.source].line(each)
  const answerOf = (each: Found) => answerText(parseLine(line(each))!)
  return cells.map((planned, at) => ({
    planned,
    kept: planned.timed ? keepTimed(found[at], line) : keepUntimed(found[at], line, answerOf),
  }))
}

function* journalText(choices: readonly Choice[], sources: readonly Source[]): Generator<string> {
  for (const { kept } of choices) {
    for (const found of kept.visits) yield `${sources[found.source].line(found)}\n`
  }
}

/** Beyond this many bytes of a journal its samples are left to whoever wants them: they are made of all visits at once. */
const mostForSamples = 2 ** 28

function writeSamples(directory: string, note: (text: string) => void): void {
  const path = join(directory, 'samples.arrow')
  if (statSync(journalPath(directory)).size <= mostForSamples) {
    writeAtomically(path, samplesToArrow(readJournal(journalPath(directory)).visits))
    return
  }
  rmSync(path, { force: true })
  note(
    `note: samples.arrow is left out, the journal is larger than ${mostForSamples / 2 ** 20} MiB; journal.jsonl holds all`,
  )
}

function namedCells(choices: readonly Choice[], run: RunFile): NamedCell[] {
  const visits = choices.flatMap(({ kept }) => kept.visits.map(outline))
  const open = new Set(remaining(run, visits, undefined).map(({ key }) => key))
  return choices.flatMap(({ planned, kept }): NamedCell[] => {
    const failed = kept.visits.some(({ measured }) => !measured)
    return [
      ...(open.has(planned.key) ? [{ planned, state: failed ? ('failed' as const) : ('missing' as const) }] : []),
      ...(kept.differ ? [{ planned, state: 'differs' as const }] : []),
      ...(kept.doubles > 0 ? [{ planned, state: 'double' as const }] : []),
    ]
  })
}

function mergeSources(sources: readonly Source[], out: string, note: (text: string) => void): Merged {
  requireOneRun(sources)
  const cells = commonPlan(sources)
  const run = runFileOfAll(sources, cells)
  const choices = choose(cells, sources, note)
  // The plan first: with it alone the folder is a run that has measured less.
  writeRunFile(out, run)
  writeAtomically(journalPath(out), journalText(choices, sources))
  writeSamples(out, note)
  const named = namedCells(choices, run)
  const lacking = new Set(named.filter(({ state }) => state !== 'double').map(({ planned }) => planned.key))
  const skipped = cells.filter(({ skip }) => skip).length
  return {
    directory: out,
    run,
    sources: sources.length,
    machines: Object.keys(run.machines!).length,
    measured: cells.length - skipped - lacking.size,
    skipped,
    named,
  }
}

/**
 * @param given folders of runs, of shards, or that hold shards
 * @throws RankBenchError(usage | data) where they are not of one plan, version and data, or cannot be read
 */
export async function mergeRuns(given: readonly string[], { out, note = () => {} }: MergeOptions): Promise<Merged> {
  const folders = [...new Set(sourceFolders(given).map((folder) => resolve(folder)))].filter(
    (folder) => folder !== resolve(out),
  )
  const sources: Source[] = []
  let lock: Lock | undefined
  try {
    for (const folder of folders) sources.push(readSource(folder))
    requireOneRun(sources)
    mkdirSync(out, { recursive: true })
    lock = await lockRun(out, { onWait: note })
    // Only now does nobody write there.
    if (holdsRun(out)) sources.push(requireOut(readSource(out)))
    return mergeSources(sources, out, note)
  } finally {
    for (const source of sources) source.close()
    lock?.release()
  }
}
