/** How far the shards in a shared folder are: read from their journals and locks alone, whoever started them. */

import { join } from 'node:path'
import { shardFolder } from '../core/shard.ts'
import { isMeasured } from '../core/visits.ts'
import type { Environment } from '../measure/environment.ts'
import { readJournal } from '../store/journal.ts'
import { type LockSeen, seenLock } from '../store/lock.ts'
import { holdsRun, journalPath, type RunFile, readRunFile } from '../store/run.ts'

/**
 * `stalled`: its process has shown no sign of life for longer than it may, and is taken for dead; `stopped`: it ended with visits
 * to go; `failed`: every visit was made, and some failed.
 */
export type ShardState = 'waiting' | 'running' | 'stalled' | 'stopped' | 'failed' | 'done'

export interface ShardStatus {
  readonly index: number
  readonly state: ShardState
  /** Visits that are measured, failed, and in all. */
  readonly measured: number
  readonly failed: number
  readonly visits: number
  /** Seconds that finished visits took. */
  readonly spent: number
  /** Who measures or measured last, in words. */
  readonly holder: string
}

function stateOf(lock: LockSeen | undefined, toGo: number, failed: number): ShardState {
  if (lock) return lock.alive ? 'running' : toGo + failed > 0 ? 'stalled' : 'done'
  if (toGo > 0) return 'stopped'
  return failed > 0 ? 'failed' : 'done'
}

/** Visits of a plan, by the last word on each. */
function countsOf(run: RunFile, directory: string) {
  const runnable = run.cells.filter(({ skip }) => !skip)
  const visits = runnable.reduce((sum, { timed }) => sum + (timed ? run.protocol.rounds : 1), 0)
  const last = new Map<string, boolean>()
  let spent = 0
  for (const { key, round, outcome, elapsedMs } of readJournal(journalPath(directory)).visits) {
    const id = `${key}/${round}`
    last.set(id, isMeasured(outcome) || last.get(id) === true)
    spent += elapsedMs / 1000
  }
  const measured = [...last.values()].filter(Boolean).length
  return { visits, measured, failed: last.size - measured, spent }
}

/** @param folder of the shards */
export function shardStatus(folder: string, index: number, count: number): ShardStatus {
  const directory = join(folder, shardFolder({ index, count }))
  const lock = seenLock(directory)
  if (!holdsRun(directory)) {
    const state = lock?.alive ? 'running' : 'waiting'
    return { index, state, measured: 0, failed: 0, visits: 0, spent: 0, holder: lock?.holder ?? '' }
  }
  const run = readRunFile<Environment>(directory)
  const counts = countsOf(run, directory)
  const toGo = counts.visits - counts.measured - counts.failed
  return { index, state: stateOf(lock, toGo, counts.failed), ...counts, holder: lock?.holder ?? '' }
}

/** Those that have to be started again, or for the first time. */
export const unfinished = (shards: readonly ShardStatus[]): number[] =>
  shards.filter(({ state }) => state !== 'done' && state !== 'running').map(({ index }) => index)

/**
 * Seconds that a shard has to go: what it was expected to take, at the pace that it has shown.
 * @param expected seconds of the whole shard
 */
export function secondsLeft({ state, measured, failed, visits, spent }: ShardStatus, expected: number): number {
  if (state === 'done' || state === 'failed') return 0
  const made = measured + failed
  if (visits === 0 || made === 0) return expected
  return ((visits - made) / visits) * (made / visits > 0.1 ? (spent * visits) / made : expected)
}
