/** What finished of a stored run, wherever it was kept: in its journal, or in its samples file once the journal is gone. */

import { existsSync } from 'node:fs'
import { dataError, RankBenchError } from '../core/errors.ts'
import { measureOf, valueFrom } from '../core/measure.ts'
import type { Visit } from '../core/result.ts'
import type { Environment } from '../measure/environment.ts'
import { experiments } from '../registry.ts'
import { journalText, readJournal } from '../store/journal.ts'
import { journalPath, type RunFile, readSamples, writeAtomically } from '../store/run.ts'
import { type Describe, isWhole, samplesFromArrow } from '../store/samples.ts'

/** Says of a number that an older samples file holds what its experiment declares. */
const describedBy =
  (run: RunFile<Environment>): Describe =>
  (key, metric, samples) => {
    const { cell } = run.cells.find((planned) => planned.key === key) ?? {}
    const measure = cell && measureOf(experiments.get(cell.experiment.name)?.measures ?? {}, metric)
    const { unit, better } = measure ?? { unit: '1' as const, better: 'neither' as const }
    return { metric, unit, better, value: measure ? valueFrom(measure, samples) : Number.NaN, samples }
  }

/** @throws RankBenchError(data) where a samples file cannot be read, whatever is wrong with its bytes */
function ofSamples<T>(directory: string, read: (bytes: Uint8Array | undefined) => T): T {
  try {
    return read(readSamples(directory))
  } catch (cause) {
    if (cause instanceof RankBenchError) throw cause
    throw dataError(
      `the samples of ${directory} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      'restore samples.arrow (or .gz), or measure again into another folder',
    )
  }
}

/** Visits to show: of an older samples file, those that were measured. */
export function finishedVisits(directory: string, run: RunFile<Environment>): readonly Visit[] {
  if (existsSync(journalPath(directory))) return readJournal(journalPath(directory)).visits
  return ofSamples(directory, (bytes) => (bytes === undefined ? [] : samplesFromArrow(bytes, describedBy(run))))
}

/**
 * Visits to go on from.
 * @throws RankBenchError(data) when the folder kept samples only, which say neither what failed nor what a number is
 */
export function resumableVisits(directory: string, run: RunFile<Environment>): readonly Visit[] {
  const whole =
    existsSync(journalPath(directory)) || ofSamples(directory, (bytes) => bytes === undefined || isWhole(bytes))
  if (!whole) {
    throw dataError(
      `${directory} kept its samples and nothing else of its visits (an older version wrote it)`,
      'measure it again in another folder, or here with --fresh',
    )
  }
  return finishedVisits(directory, run)
}

/** Writes the journal of a folder anew from its samples file, where it was kept without one. */
export function restoreJournal(directory: string, run: RunFile<Environment>): void {
  if (existsSync(journalPath(directory))) return
  const visits = resumableVisits(directory, run)
  if (visits.length > 0) writeAtomically(journalPath(directory), journalText(visits))
}
