/**
 * One writer a run directory. The lock is a file that says who holds it and is touched while he lives, so that a lock left
 * behind is known as such: by process number, start and boot on the same machine, by its age from another machine or
 * container that shares the folder.
 */

import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { usageError } from '../core/errors.ts'
import { now } from '../measure/clock.ts'
import { type Holder, parseHolder, stateOf, thisProcess } from './holder.ts'

/** Signs of life are this far apart. */
const heartbeatMs = 5_000
/** Six missed signs of life: reading a large data set or writing a report may hold up a few. */
const silentMs = 30_000

type Say = (text: string) => void

interface LockOptions {
  /** How long a holder may be silent, ms. */
  readonly patienceMs?: number
  /** Told what is waited for, once. */
  readonly onWait?: Say
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Whole or not at all: a full disk leaves no empty lock behind. @returns false when there is one already */
function create(path: string): boolean {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, JSON.stringify(thisProcess()))
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    // File systems without links.
    return createPlainly(path)
  } finally {
    rmSync(draft, { force: true })
  }
}

function createPlainly(path: string): boolean {
  try {
    writeFileSync(path, JSON.stringify(thisProcess()), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Age of a file by the clock of its file system, which need not be ours. */
function silenceMs(path: string): number {
  const probe = `${path}.${process.pid}.now`
  writeFileSync(probe, '')
  try {
    return statSync(probe).mtimeMs - statSync(path).mtimeMs
  } finally {
    rmSync(probe, { force: true })
  }
}

/** Where nothing else can tell, waits for a sign of life: as long as the holder may be silent, at most. */
async function isAlive(holder: Holder, path: string, patienceMs: number, onWait: Say): Promise<boolean> {
  const state = stateOf(holder)
  if (state !== 'unknown') return state === 'alive'
  const touched = () => statSync(path, { throwIfNoEntry: false })?.mtimeMs
  const before = touched()
  onWait(
    `waiting up to ${Math.ceil(patienceMs / 1000)} s for a sign of life of ${described(holder)}, which may be measuring here`,
  )
  while (touched() === before && before !== undefined && silenceMs(path) < patienceMs) await sleep(patienceMs / 30)
  return touched() !== before && touched() !== undefined
}

/** Moves a dead lock away, unless somebody has replaced it since it was read. */
function removeDead(path: string, text: string): void {
  const aside = `${path}.${process.pid}.dead`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (readFileSync(aside, 'utf8') === text) rmSync(aside, { force: true })
  else renameSync(aside, path)
}

const readLock = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

const described = ({ pid, host }: Holder): string => `process ${pid}${host === thisProcess().host ? '' : ` on ${host}`}`

/**
 * Takes the lock of `directory`, which must be there, and keeps it fresh until released. Behind a lock of which only signs of
 * life can tell whether it is held, waits for one.
 * @returns the release
 * @throws RankBenchError(usage) when another living process is measuring into `directory`
 */
export async function lockRun(directory: string, options: LockOptions = {}): Promise<() => void> {
  const { patienceMs = silentMs, onWait = () => {} } = options
  const path = join(directory, 'run.lock')
  while (!create(path)) {
    const text = readLock(path)
    if (text === undefined) continue
    const holder = parseHolder(text)
    if (holder && (await isAlive(holder, path, patienceMs, onWait))) {
      throw usageError(
        `${described(holder)} is already measuring into ${directory}`,
        'wait for it, or choose another --out',
      )
    }
    removeDead(path, text)
  }
  return keepFresh(path)
}

function keepFresh(path: string): () => void {
  const touch = () => {
    const moment = now()
    try {
      utimesSync(path, moment, moment)
    } catch {
      // Gone with its folder, or not ours to touch: the run itself will say so when it writes.
    }
  }
  const timer = setInterval(touch, heartbeatMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    rmSync(path, { force: true })
  }
}
