/** A run directory: run.json (what was planned, where, by whom), journal.jsonl (what finished), and what is rendered from them. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Cell } from '../core/cell.ts'
import { dataError } from '../core/errors.ts'
import { subjectRef } from '../core/method-ref.ts'
import type { Protocol } from '../core/protocol.ts'
import type { RunCell } from '../core/result.ts'
import type { Ref } from '../core/selector.ts'
import { now } from '../measure/clock.ts'

/** Version of what run.json and journal.jsonl look like; raised when a reader of the old one would be misled. */
const runFormat = 1

/** Everything that ran is in here; the journal adds what came out. */
export interface RunFile<Environment = unknown> {
  readonly format: typeof runFormat
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
const unfinished = 'unfinished'

/** What a cell that takes long has come to, until it is measured. */
export const cellStatePath = (directory: string, key: string): string => join(directory, unfinished, `${key}.bin`)
export const journalPath = (directory: string): string => join(directory, 'journal.jsonl')

/** The samples file of a run, plain or compressed; undefined when there is none. */
export function readSamples(directory: string): Uint8Array | undefined {
  const path = join(directory, 'samples.arrow')
  if (existsSync(path)) return readFileSync(path)
  return existsSync(`${path}.gz`) ? gunzipSync(readFileSync(`${path}.gz`)) : undefined
}

/** Written whole or not at all, so that a kill never leaves half a file. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** A cell as it is stored: its method as name and parameters, its system under the word of the first format. */
type StoredCell = Omit<Cell, 'system' | 'method'> & { readonly implementation: string; readonly method: Ref }
type StoredRunCell = Omit<RunCell, 'cell'> & { readonly cell: StoredCell }

const stored = ({ cell: { system, method, ...cell }, ...planned }: RunCell): StoredRunCell => ({
  ...planned,
  cell: { implementation: system, ...cell, method: { name: method.name, params: method.params } },
})

const typed = ({ cell: { implementation, method, ...cell }, ...planned }: StoredRunCell): RunCell => ({
  ...planned,
  cell: { ...cell, system: implementation, method: subjectRef(method) },
})

export function writeRunFile(directory: string, run: RunFile): void {
  mkdirSync(directory, { recursive: true })
  writeAtomically(runFilePath(directory), `${JSON.stringify({ ...run, cells: run.cells.map(stored) }, null, 1)}\n`)
}

/** What each field of run.json must be for a report to be made of it. */
const fields: Readonly<Record<keyof RunFile, 'string' | 'number' | 'object' | 'list'>> = {
  format: 'number',
  name: 'string',
  command: 'string',
  createdAt: 'string',
  seed: 'number',
  protocol: 'object',
  config: 'object',
  cells: 'list',
  dataDigests: 'object',
  environment: 'object',
  peers: 'object',
}

const kindOf = (value: unknown): string =>
  value === null || value === undefined ? 'missing' : Array.isArray(value) ? 'list' : typeof value

/** Fields of a cell that everything which reads a run relies on. */
const isCell = (value: unknown): boolean => {
  const { key, cell, timed } = (value ?? {}) as Partial<RunCell>
  const refs = cell && [cell.experiment, cell.method, cell.dataset]
  return typeof key === 'string' && typeof timed === 'boolean' && !!refs?.every((ref) => typeof ref?.name === 'string')
}

/** What is wrong with a value read from run.json, as one clause, or undefined. */
function faultOf(value: unknown): string | undefined {
  if (kindOf(value) !== 'object') return `it holds a ${kindOf(value)}; expected an object`
  const run = value as Record<string, unknown>
  if (typeof run.format === 'number' && run.format > runFormat)
    return `"format" is ${run.format}; this version of rank-bench reads up to ${runFormat}`
  const wrong = Object.entries(fields).find(([field, kind]) => kindOf(run[field]) !== kind)
  if (wrong) return `"${wrong[0]}" is ${kindOf(run[wrong[0]])}; expected ${wrong[1]}`
  const damaged = (run.cells as unknown[]).findIndex((cell) => !isCell(cell))
  return damaged < 0 ? undefined : `"cells[${damaged}]" is no cell of a plan`
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw dataError(
      `${path} is not a run file: ${cause instanceof Error ? cause.message : cause}`,
      'choose another --out, or restore the file; the journal beside it is whole',
    )
  }
}

/** @throws RankBenchError(data) when `directory` holds no run, or one that is damaged or of a later version, naming the field. */
export function readRunFile<Environment>(directory: string): RunFile<Environment> {
  const path = runFilePath(directory)
  if (!existsSync(path)) throw dataError(`${directory} holds no run (no run.json)`, 'rank-bench list runs')
  const value = parse(path)
  const fault = faultOf(value)
  if (fault) throw dataError(`${path} is not a run file: ${fault}`, 'rank-bench list runs')
  const run = value as Omit<RunFile<Environment>, 'cells'> & { readonly cells: readonly StoredRunCell[] }
  return { ...run, cells: run.cells.map(typed) }
}

/** Moves an earlier journal out of the way of a fresh start; what was measured is not deleted, states of what was not are. */
export function setAsideJournal(directory: string): void {
  rmSync(join(directory, unfinished), { recursive: true, force: true })
  const path = journalPath(directory)
  if (!existsSync(path)) return
  const stamp = now().toISOString().replaceAll(':', '-')
  renameSync(path, join(directory, `journal.${stamp}.jsonl`))
}
