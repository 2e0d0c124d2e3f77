/**
 * The journal of a run: one JSON line a finished visit, appended and flushed to the disk before the next visit starts.
 * A process killed in the middle of a line loses that line only; reading skips it and appending starts a new one.
 */

import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { dataError } from '../core/errors.ts'
import type { Turn } from '../core/result.ts'
import { isMeasured } from '../core/turns.ts'

export interface Journal {
  readonly turns: readonly Turn[]
  /** @throws RankBenchError(data) when the disk is full or the file cannot be written; earlier lines are kept. */
  append(turn: Turn): void
  close(): void
}

/** JSON has no NaN and no infinity; a query that a metric leaves out is a NaN, and must not come back as a 0. */
const written = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value

/** Older journals say null. */
const readNumber = (value: unknown): number => (value === null ? Number.NaN : Number(value))

function readNumbers(turn: Turn): Turn {
  if (!isMeasured(turn.outcome)) return turn
  const observations = turn.outcome.observations.map((each) => ({
    ...each,
    value: readNumber(each.value),
    ...(each.samples && { samples: each.samples.map(readNumber) }),
  }))
  return { ...turn, outcome: { ...turn.outcome, observations } }
}

const isTurn = (value: unknown): value is Turn =>
  typeof value === 'object' && value !== null && 'key' in value && 'round' in value && 'outcome' in value

function parseLine(line: string): Turn | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isTurn(value) ? readNumbers(value) : undefined
  } catch {
    return undefined
  }
}

/** Text of a regular file; a missing one, or a device, holds nothing. */
const readText = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : ''

/** All whole lines. @throws RankBenchError(data) when a line other than the last is damaged. */
export function readJournal(path: string): Turn[] {
  const lines = readText(path)
    .split('\n')
    .filter((line) => line !== '')
  return lines.flatMap((line, index) => {
    const turn = parseLine(line)
    if (turn) return [turn]
    // Killed writers leave a torn line; a later resume has appended after it.
    if (index === lines.length - 1 || !line.endsWith('}')) return []
    throw dataError(
      `${path}, line ${index + 1}: not a journal entry`,
      'start over with --fresh; the damaged journal is kept',
    )
  })
}

export function openJournal(path: string): Journal {
  const turns = readJournal(path)
  const torn = !/(^|\n)$/.test(readText(path))
  const file = openSync(path, 'a')
  if (torn) writeSync(file, '\n')
  return {
    turns,
    append(turn) {
      try {
        writeSync(file, `${JSON.stringify(turn, written)}\n`)
        fsyncSync(file)
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
