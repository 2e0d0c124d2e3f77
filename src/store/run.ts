/** A run directory: run.json (what was planned, where, by whom), journal.jsonl (what finished), and what is rendered from them. */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataError } from '../core/errors.ts'
import { subjectRef } from '../core/method-ref.ts'
import type { Protocol } from '../core/protocol.ts'
import type { RunCell } from '../core/result.ts'

/** Everything that ran is in here; the journal adds what came out. */
export interface RunFile<Environment = unknown> {
  readonly format: 1
  readonly name: string
  readonly command: string
  readonly createdAt: string
  readonly seed: number
  readonly protocol: Protocol
  readonly config: unknown
  readonly cells: readonly RunCell[]
  /** Digest of every data set that was read, by its label. */
  readonly dataDigests: Readonly<Record<string, string>>
  readonly environment: Environment
  /** Versions of the peers that took part. */
  readonly peers: Readonly<Record<string, string>>
}

export const runFilePath = (directory: string): string => join(directory, 'run.json')
export const journalPath = (directory: string): string => join(directory, 'journal.jsonl')

/** Written whole or not at all, so that a kill never leaves half a file. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, content)
  renameSync(temporary, path)
}

/** A method is stored as its name and parameters, and typed again when it is read. */
const stored = ({ cell, ...planned }: RunCell) => {
  const { name, params } = cell.method
  return { ...planned, cell: { ...cell, method: { name, params } } }
}

const typed = (planned: RunCell): RunCell => ({
  ...planned,
  cell: { ...planned.cell, method: subjectRef(planned.cell.method) },
})

export function writeRunFile(directory: string, run: RunFile): void {
  mkdirSync(directory, { recursive: true })
  writeAtomically(runFilePath(directory), `${JSON.stringify({ ...run, cells: run.cells.map(stored) }, null, 1)}\n`)
}

/** @throws RankBenchError(data) when `directory` holds no run. */
export function readRunFile<Environment>(directory: string): RunFile<Environment> {
  const path = runFilePath(directory)
  if (!existsSync(path)) throw dataError(`${directory} holds no run (no run.json)`, 'rank-bench list runs')
  try {
    const run = JSON.parse(readFileSync(path, 'utf8'))
    return { ...run, cells: run.cells.map(typed) }
  } catch (cause) {
    throw dataError(
      `${path} is not a run file: ${cause instanceof Error ? cause.message : cause}`,
      'choose another --out',
    )
  }
}

/** Moves an earlier journal out of the way of a fresh start; nothing is deleted. */
export function setAsideJournal(directory: string): void {
  const path = journalPath(directory)
  if (!existsSync(path)) return
  const stamp = new Date().toISOString().replaceAll(':', '-')
  renameSync(path, join(directory, `journal.${stamp}.jsonl`))
}
