/** The whole plan beside a shard of it, so that what the other shards owe can be named without them: its cells, one a line, packed. */

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
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

function* textOf(cells: readonly RunCell[]): Generator<string> {
  for (const cell of cells) yield `${cellLine(cell)}\n`
}

export const hasPlanFile = (directory: string): boolean => existsSync(planPath(directory))

/** Written whole or not at all. */
export async function writePlanFile(directory: string, cells: readonly RunCell[]): Promise<void> {
  const path = planPath(directory)
  const draft = draftOf(path)
  try {
    await pipeline(Readable.from(textOf(cells)), createGzip(), createWriteStream(draft))
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Of the packed bytes: equal ones need not be read twice, others may still hold equal plans. */
export async function planFileDigest(directory: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(planPath(directory)), hash).catch((cause) => {
    throw damaged(directory, cause)
  })
  return hash.digest('hex')
}

const damaged = (directory: string, cause: unknown) =>
  dataError(
    `${planPath(directory)} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
    'run the shard again: what finished is kept, and the plan is written anew',
  )

/** @throws RankBenchError(data) where the file is missing or damaged */
export async function readPlanFile(directory: string): Promise<RunCell[]> {
  const read = cellReader()
  const cells: RunCell[] = []
  const source = createReadStream(planPath(directory)).on('error', () => {})
  const plain = source.pipe(createGunzip())
  source.once('error', (cause) => plain.destroy(cause))
  try {
    for await (const line of createInterface({ input: plain, crlfDelay: Number.POSITIVE_INFINITY })) {
      const value: unknown = JSON.parse(line)
      if (!isStoredCell(value)) throw new Error(`line ${cells.length + 1} is no cell of a plan`)
      cells.push(read(value))
    }
    if (plain.errored) throw plain.errored
    return cells
  } catch (cause) {
    throw damaged(directory, cause)
  }
}
