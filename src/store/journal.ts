/**
 * The journal of a run: one line a finished visit, appended and flushed to the disk before the next visit starts. A line
 * that is damaged, by a kill in the middle of it or by the disk, costs its visit and nothing else: reading counts it, and a
 * resumed run measures that visit again.
 */

import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { dataError } from '../core/errors.ts'
import type { Visit } from '../core/result.ts'
import { formatLine, parseLine } from './journal-line.ts'
import { linesOf } from './lines.ts'

interface StoredVisits {
  readonly visits: readonly Visit[]
  /** Numbers of the lines that could not be read, from 1. */
  readonly damaged: readonly number[]
}

export interface Journal extends StoredVisits {
  /** @throws RankBenchError(data) when the disk is full or the file cannot be written; earlier lines are kept. */
  append(visit: Visit): void
  close(): void
}

const mostNamed = 5

/** One clause for a reader: which lines of which file are damaged. */
export function damageText(path: string, lines: readonly number[]): string {
  const named = lines.slice(0, mostNamed).join(', ')
  const rest = lines.length > mostNamed ? ` and ${lines.length - mostNamed} more` : ''
  return `${path}: line ${named}${rest} cannot be read`
}

/** Line by line: journals of large runs are longer than a string may be. */
function visitsOf(path: string): StoredVisits {
  const visits: Visit[] = []
  const damaged: number[] = []
  let number = 0
  for (const { text } of linesOf(path)) {
    number++
    if (text === '') continue
    const visit = parseLine(text)
    if (visit) visits.push(visit)
    else damaged.push(number)
  }
  return { visits, damaged }
}

/** Whether the last line was cut short. */
function isTorn(path: string): boolean {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts?.isFile() || facts.size === 0) return false
  const file = openSync(path, 'r')
  try {
    const last = Buffer.alloc(1)
    return readSync(file, last, 0, 1, facts.size - 1) === 1 && last[0] !== 10
  } finally {
    closeSync(file)
  }
}

/** A whole journal, as appending visit after visit would have written it. */
export const journalText = (visits: readonly Visit[]): string =>
  visits.map((visit) => `${formatLine(visit)}\n`).join('')

/** Everything that can be read; a missing journal holds nothing. */
export const readJournal = (path: string): StoredVisits => visitsOf(path)

/** A write may take only part of what it is given: until all of it is written. */
function writeWhole(file: number, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) rest = rest.subarray(writeSync(file, rest))
}

/** All of the line on the disk, or nothing of it. */
function appendLine(file: number, line: string): void {
  const before = fstatSync(file).size
  try {
    writeWhole(file, `${line}\n`)
    fsyncSync(file)
  } catch (cause) {
    try {
      ftruncateSync(file, before)
    } catch {
      // Devices cannot be cut back; of a file, the checksum of the line tells.
    }
    throw cause
  }
}

export function openJournal(path: string): Journal {
  const stored = visitsOf(path)
  const torn = isTorn(path)
  const file = openSync(path, 'a')
  if (torn) writeWhole(file, '\n')
  return {
    ...stored,
    append(visit) {
      try {
        appendLine(file, formatLine(visit))
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw dataError(
          `${path}: the finished visit could not be written (${reason})`,
          'free some space and run the same command: what was written is kept',
        )
      }
    },
    close: () => closeSync(file),
  }
}
