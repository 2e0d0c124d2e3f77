/** What is merged: a run or a shard of one, with the whole plan that it is of. */

import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { cellKey } from '../../core/cell.ts'
import { dataError } from '../../core/errors.ts'
import type { Observation, RunCell, Visit } from '../../core/result.ts'
import { type Environment, machineId } from '../../measure/environment.ts'
import { damageText } from '../../store/journal.ts'
import { formatLine, parseHead, parseLine } from '../../store/journal-line.ts'
import { linesOf } from '../../store/lines.ts'
import { planDigest, planFileDigest, readPlanFile } from '../../store/plan-file.ts'
import { journalPath, type RunFile, readRunFile } from '../../store/run.ts'
import { resumableVisits } from '../finished.ts'

/** A visit and where its line is: of a large journal, a place in the file. */
export interface Found {
  readonly key: string
  readonly round: number
  readonly machine: string
  /** Milliseconds; 0 where it was not written down. */
  readonly startedAt: number
  readonly measured: boolean
  /** Number of the source. */
  readonly source: number
  /** Byte in its journal, or number among the visits of its samples. */
  readonly offset: number
  readonly length: number
  /** Its line can be copied. */
  readonly exact: boolean
}

export interface Source {
  readonly directory: string
  readonly run: RunFile<Environment>
  /** Digest of the keys of the whole plan. */
  readonly plan: string
  /** Every visit that can be read. */
  found(source: number, note: (text: string) => void): Iterable<Found>
  /** The line of one of them, as the merged journal has it. */
  line(found: Found): string
  close(): void
}

const observationInOrder = ({ metric, unit, better, value, interval, samples }: Observation): Observation => ({
  ...{ metric, unit, better, value },
  ...(interval && { interval }),
  ...(samples && { samples }),
})

/** A visit as runs of several machines have it: fields in their order, and the machine, which visits of a run that one measured lack. */
function named({ key, round, startedAt, elapsedMs, outcome, machine }: Visit, here: string): Visit {
  const told =
    outcome.status === 'measured' ? { ...outcome, observations: outcome.observations.map(observationInOrder) } : outcome
  return { key, round, startedAt, elapsedMs, outcome: told, machine: machine ?? here }
}

const at = (startedAt: string): number => Date.parse(startedAt) || 0

/** One text for equal ones: a part of a line would keep the whole line in memory. */
function sharedText(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const first = known.get(text) ?? Buffer.from(text).toString()
    known.set(first, first)
    return first
  }
}

type Facts = Pick<Source, 'found' | 'line' | 'close'>

const factsOf = ({ key, round, machine, startedAt, outcome }: Visit, here: string) => ({
  key,
  round,
  machine: machine ?? here,
  startedAt: at(startedAt),
  measured: outcome.status === 'measured',
  exact: false,
})

function ofJournal(path: string, here: string): Facts {
  const file = openSync(path, 'r')
  const textAt = ({ offset, length }: Found): string => {
    const bytes = Buffer.allocUnsafe(length)
    for (let got = 0; got < length; ) got += readSync(file, bytes, got, length - got, offset + got)
    return bytes.toString('utf8')
  }
  return {
    *found(source, note) {
      const damaged: number[] = []
      const name = sharedText()
      let number = 0
      for (const { text, offset, length } of linesOf(path)) {
        number++
        if (text === '') continue
        const head = parseHead(text)
        if (head)
          yield { ...head, machine: name(head.machine ?? here), startedAt: at(head.startedAt), source, offset, length }
        else damaged.push(number)
      }
      if (damaged.length > 0) note(`warning: ${damageText(path, damaged)}; what it held counts as missing`)
    },
    line: (found) => (found.exact ? textAt(found) : formatLine(named(parseLine(textAt(found))!, here))),
    close: () => closeSync(file),
  }
}

function ofSamples(visits: readonly Visit[], here: string): Facts {
  return {
    *found(source) {
      for (const [offset, visit] of visits.entries()) yield { ...factsOf(visit, here), source, offset, length: 0 }
    },
    line: ({ offset }) => formatLine(named(visits[offset], here)),
    close: () => {},
  }
}

/** @throws RankBenchError(data) where the folder holds no run, or one whose visits cannot be read */
export function readSource(directory: string): Source {
  const run = readRunFile<Environment>(directory)
  const here = machineId(run.environment)
  const facts = existsSync(journalPath(directory))
    ? ofJournal(journalPath(directory), here)
    : ofSamples(resumableVisits(directory, run), here)
  return { directory, run, plan: run.shard?.plan ?? planDigest(run.cells.map(({ key }) => key)), ...facts }
}

const wrongKey = (directory: string, { key }: RunCell) =>
  dataError(
    `${directory}: the cell ${key} is not what its key says; its run file was changed by hand or damaged`,
    'measure it again in another folder',
  )

/** @throws RankBenchError(data) naming the first cell whose key is not that of its content */
function requireKeys(directory: string, cells: readonly RunCell[]): void {
  const wrong = cells.find(({ key, cell }) => cellKey(cell) !== key)
  if (wrong) throw wrongKey(directory, wrong)
}

/**
 * Every cell of the plan of a source, of which a shard measures some.
 * @throws RankBenchError(data) where they are damaged, or are not those that the shard was dealt from
 */
function wholePlan({ directory, run, plan }: Source): readonly RunCell[] {
  const cells = run.shard ? readPlanFile(directory) : run.cells
  requireKeys(directory, cells)
  if (planDigest(cells.map(({ key }) => key)) !== plan)
    throw dataError(`${directory}: the plan beside the shard is another than it was dealt from`, 'run the shard again')
  return cells
}

/** Skipped only where nobody could measure it: what one machine lacks another may have. */
function skipOf(one: RunCell['skip'], other: RunCell['skip']): RunCell['skip'] {
  if (!one || !other) return undefined
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other
}

function withSkip(planned: RunCell, skip: RunCell['skip']): RunCell {
  const { skip: _, ...rest } = planned
  return skip ? { ...rest, skip } : rest
}

/** The one plan of all sources; cells that one of them could not measure and another could are to be measured. */
export function commonPlan(sources: readonly Source[]): readonly RunCell[] {
  const [first, ...others] = sources
  let cells = wholePlan(first)
  const read = new Set([first.run.shard ? planFileDigest(first.directory) : ''])
  for (const source of others) {
    const text = source.run.shard ? planFileDigest(source.directory) : ''
    if (text !== '' && read.has(text)) continue
    read.add(text)
    const skips = new Map(wholePlan(source).map(({ key, skip }) => [key, skip]))
    cells = cells.map((planned) =>
      planned.skip ? withSkip(planned, skipOf(planned.skip, skips.get(planned.key))) : planned,
    )
  }
  return cells
}
