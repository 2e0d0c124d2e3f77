/** A run directory: run.json (what was planned, where, by whom), journal.jsonl (what finished), and what is rendered from them. */

import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { dataError } from '../core/errors.ts'
import type { Protocol } from '../core/protocol.ts'
import type { RunCell } from '../core/result.ts'
import { type Shard, shardOfFolder } from '../core/shard.ts'
import { shellWord } from '../core/shell-word.ts'
import { now } from '../measure/clock.ts'
import { cellLine, cellReader, isStoredCell } from './cells.ts'
import { draftOf } from './draft.ts'
import { linesOf } from './lines.ts'

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
  /** What part of a plan it is; absent of whole runs. */
  readonly shard?: ShardFacts
  /** Machines that took part, by the names that visits carry; absent of runs that one machine measured whole. */
  readonly machines?: Readonly<Record<string, Environment>>
}

/** A part of a plan, and the whole that it is of. */
export interface ShardFacts extends Shard {
  /** Digest of the keys of the whole plan. */
  readonly plan: string
  /** How many cells that has. */
  readonly cells: number
  /** By what it was dealt out: `declared` costs, or the digest of those that a run had. */
  readonly dealt: string
}

export const runFilePath = (directory: string): string => join(directory, 'run.json')
/** Whether a folder holds a run, whatever is in it. */
export const holdsRun = (directory: string): boolean => existsSync(runFilePath(directory))
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

const pieceLength = 2 ** 22

/** Text that is longer than a string may be, a piece at a time. */
function writePieces(path: string, text: Iterable<string>): void {
  const file = openSync(path, 'w')
  try {
    let piece = ''
    for (const each of text) {
      piece += each
      if (piece.length < pieceLength) continue
      writeFileSync(file, piece)
      piece = ''
    }
    writeFileSync(file, piece)
  } finally {
    closeSync(file)
  }
}

/** Written whole or not at all, so that a kill never leaves half a file. */
export function writeAtomically(path: string, content: string | Uint8Array | Iterable<string>): void {
  const temporary = draftOf(path)
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(temporary, content)
    else writePieces(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

const openCells = ' "cells": ['

/** One field a line or more, and one cell a line: JSON, and of any size. */
function* runFileText(run: RunFile): Generator<string> {
  const entries = Object.entries(run).filter(([, value]) => value !== undefined)
  yield '{\n'
  for (const [at, [field, value]] of entries.entries()) {
    const end = at < entries.length - 1 ? ',\n' : '\n'
    if (field === 'cells') {
      yield `${openCells}\n`
      for (const [i, cell] of run.cells.entries()) yield `  ${cellLine(cell)}${i < run.cells.length - 1 ? ',' : ''}\n`
      yield ` ]${end}`
    } else yield ` ${JSON.stringify(field)}: ${JSON.stringify(value, null, 1).replaceAll('\n', '\n ')}${end}`
  }
  yield '}\n'
}

export function writeRunFile(directory: string, run: RunFile): void {
  mkdirSync(directory, { recursive: true })
  writeAtomically(runFilePath(directory), runFileText(run))
}

/** What each field of run.json must be for a report to be made of it. */
const fields: Readonly<Record<Exclude<keyof RunFile, 'shard' | 'machines'>, 'string' | 'number' | 'object' | 'list'>> =
  {
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

/** What is wrong with a value read from run.json, as one clause, or undefined. */
function faultOf(value: unknown): string | undefined {
  if (kindOf(value) !== 'object') return `it holds a ${kindOf(value)}; expected an object`
  const run = value as Record<string, unknown>
  if (typeof run.format === 'number' && run.format > runFormat)
    return `"format" is ${run.format}; this version of rank-bench reads up to ${runFormat}`
  const wrong = Object.entries(fields).find(([field, kind]) => kindOf(run[field]) !== kind)
  if (wrong) return `"${wrong[0]}" is ${kindOf(run[wrong[0]])}; expected ${wrong[1]}`
  return undefined
}

type Read = (value: unknown) => RunCell

/** More than this is not parsed at once: a string holds half a gigabyte. */
const largeBytes = 2 ** 26

/** A file that this version wrote, cell by cell: neither its text nor its cells as they are stored are ever held as a whole. */
function parseByLines(path: string, read: Read): unknown {
  const cells: RunCell[] = []
  let [head, tail, place]: [string, string, 'head' | 'cells' | 'tail'] = ['', '', 'head']
  for (const { text } of linesOf(path)) {
    if (place === 'cells' && /^ \],?$/.test(text)) place = 'tail'
    if (place === 'cells') cells.push(read(JSON.parse(text.replace(/,$/, ''))))
    else if (place === 'head') head += `${text}\n`
    else tail += `${text}\n`
    if (place === 'head' && text === openCells) place = 'cells'
  }
  return { ...JSON.parse(head + tail), cells }
}

function parseWhole(path: string, read: Read): unknown {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (kindOf(value) !== 'object' || kindOf((value as RunFile).cells) !== 'list') return value
  const run = value as { readonly cells: readonly unknown[] }
  return { ...run, cells: run.cells.map(read) }
}

class NoCell extends Error {}

/** Cells in order, the first that is none named. */
function cellsInOrder(): Read {
  const typed = cellReader()
  let at = 0
  return (value) => {
    if (!isStoredCell(value)) throw new NoCell(`"cells[${at}]" is no cell of a plan`)
    at++
    return typed(value)
  }
}

function parse(path: string): unknown {
  const read = cellsInOrder()
  try {
    return statSync(path).size > largeBytes ? parseByLines(path, read) : parseWhole(path, read)
  } catch (cause) {
    throw dataError(
      `${path} is not a run file: ${cause instanceof Error ? cause.message : cause}`,
      cause instanceof NoCell
        ? 'rank-bench list runs'
        : 'choose another --out, or restore the file; the journal beside it is whole',
    )
  }
}

/** What to do where a run was looked for. */
function withoutRun(directory: string): string {
  const names = statSync(directory, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(directory) : []
  const shards = names.filter((name) => shardOfFolder(name)).length
  if (shards === 0) return 'rank-bench list runs'
  return `it holds ${shards} shards of one: rank-bench merge ${shellWord(directory)} --out <folder>`
}

/** @throws RankBenchError(data) when `directory` holds no run, or one that is damaged or of a later version, naming the field. */
export function readRunFile<Environment>(directory: string): RunFile<Environment> {
  const path = runFilePath(directory)
  if (!existsSync(path)) throw dataError(`${directory} holds no run (no run.json)`, withoutRun(directory))
  const value = parse(path)
  const fault = faultOf(value)
  if (fault) throw dataError(`${path} is not a run file: ${fault}`, 'rank-bench list runs')
  return value as RunFile<Environment>
}

/** Moves an earlier journal out of the way of a fresh start; what was measured is not deleted, states of what was not are. */
export function setAsideJournal(directory: string): void {
  rmSync(join(directory, unfinished), { recursive: true, force: true })
  const path = journalPath(directory)
  if (!existsSync(path)) return
  const stamp = now().toISOString().replaceAll(':', '-')
  renameSync(path, join(directory, `journal.${stamp}.jsonl`))
}
