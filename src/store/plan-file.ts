/** The whole plan beside a shard of it, so that what the other shards owe can be named without them: its cells, one a line, packed. */

import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { dataError } from '../core/errors.ts'
import type { RunCell } from '../core/result.ts'
import { cellLine, cellReader, isStoredCell } from './cells.ts'
import { draftOf } from './draft.ts'

const planPath = (directory: string): string => join(directory, 'plan.jsonl.gz')

/** 16 hex digits that the keys of a plan decide, in any order. */
export function planDigest(keys: Iterable<string>): string {
  return createHash('sha256')
    .update([...keys].sort().join())
    .digest('hex')
    .slice(0, 16)
}

export const hasPlanFile = (directory: string): boolean => existsSync(planPath(directory))

const pieceLength = 2 ** 22

/** Piece by piece, each packed for itself: a packed file may be several one after another, and a text no longer than a string. */
function writePacked(path: string, cells: readonly RunCell[]): void {
  const file = openSync(path, 'w')
  try {
    let piece = ''
    for (const cell of cells) {
      piece += `${cellLine(cell)}\n`
      if (piece.length < pieceLength) continue
      writeFileSync(file, gzipSync(piece))
      piece = ''
    }
    writeFileSync(file, gzipSync(piece))
  } finally {
    closeSync(file)
  }
}

/** Written whole or not at all. */
export function writePlanFile(directory: string, cells: readonly RunCell[]): void {
  const path = planPath(directory)
  const draft = draftOf(path)
  try {
    writePacked(draft, cells)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** @throws RankBenchError(data) where the file cannot be read */
function onPlan<T>(directory: string, read: (packed: Buffer) => T): T {
  try {
    return read(readFileSync(planPath(directory)))
  } catch (cause) {
    throw dataError(
      `${planPath(directory)} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      'run the shard again: what finished is kept, and the plan is written anew',
    )
  }
}

/** Of the packed bytes: equal ones need not be read twice, others may still hold equal plans. */
export const planFileDigest = (directory: string): string =>
  onPlan(directory, (packed) => createHash('sha256').update(packed).digest('hex'))

function cellsOf(plain: Buffer): RunCell[] {
  const read = cellReader()
  const cells: RunCell[] = []
  for (let start = 0, end = plain.indexOf(10); end >= 0; start = end + 1, end = plain.indexOf(10, start)) {
    const value: unknown = JSON.parse(plain.toString('utf8', start, end))
    if (!isStoredCell(value)) throw new Error(`line ${cells.length + 1} is no cell of a plan`)
    cells.push(read(value))
  }
  return cells
}

/** @throws RankBenchError(data) where the file is missing or damaged */
export const readPlanFile = (directory: string): RunCell[] => onPlan(directory, (packed) => cellsOf(gunzipSync(packed)))
