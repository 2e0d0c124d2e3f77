/**
 * One writer a run directory. The lock is a file that says who holds it and is touched while he lives, so that a lock left
 * behind is known as such: by process number, start and boot on the same machine, by its age from another machine or
 * container that shares the folder.
 *
 * On network file systems: nothing is asked of the system's own locks; a lock is made by a link, whose success is read from the
 * count of links where an answer was lost; ages are taken between two files of the server, whose clock need not be ours, of
 * files that were opened for it, because attributes are remembered for longer than signs of life are apart; and who was taken
 * for dead and wakes up sees before he writes that the lock is not his any more.
 */

import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { usageError } from '../core/errors.ts'
import { draftOf } from './draft.ts'
import { type Holder, parseHolder, stateOf, thisProcess } from './holder.ts'

/** Signs of life are this far apart. */
const usualHeartbeatMs = 5_000
/** Six missed signs of life: reading a large data set or writing a report may hold up a few. */
const silentMs = 30_000

type Say = (text: string) => void

export interface Lock {
  /** Before anything is written. @throws RankBenchError(usage) where this process was taken for dead and somebody else writes */
  requireHeld(): void
  release(): void
}

interface LockOptions {
  /** How long a holder may be silent, ms. */
  readonly patienceMs?: number
  /** Signs of life are this far apart, ms. */
  readonly heartbeatMs?: number
  /** Told what is waited for, once. */
  readonly onWait?: Say
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Whole or not at all: a full disk leaves no empty lock behind. @returns false when there is one already */
function create(path: string): boolean {
  const draft = draftOf(path)
  writeFileSync(draft, JSON.stringify(thisProcess()))
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    // A server may have linked it, and its answer been lost: the second try then finds what the first one made.
    if (statSync(draft, { throwIfNoEntry: false })?.nlink === 2) return true
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

/** When a file was touched last, by its server: opening it asks, where its attributes alone may be remembered. */
function touchedAt(path: string): number | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    return fstatSync(file).mtimeMs
  } finally {
    closeSync(file)
  }
}

/** Age of a file by the clock of its file system, which need not be ours; 0 of one that is gone. */
function silenceMs(path: string): number {
  const probe = draftOf(path)
  writeFileSync(probe, '')
  try {
    return statSync(probe).mtimeMs - (touchedAt(path) ?? statSync(probe).mtimeMs)
  } finally {
    rmSync(probe, { force: true })
  }
}

/** Where nothing else can tell, waits for a sign of life: as long as the holder may be silent, at most. */
async function isAlive(holder: Holder, path: string, patienceMs: number, onWait: Say): Promise<boolean> {
  const state = stateOf(holder)
  if (state !== 'unknown') return state === 'alive'
  const before = touchedAt(path)
  onWait(
    `waiting up to ${Math.ceil(patienceMs / 1000)} s for a sign of life of ${described(holder)}, which may be measuring here`,
  )
  while (before !== undefined && touchedAt(path) === before && silenceMs(path) < patienceMs)
    await sleep(patienceMs / 30)
  const last = touchedAt(path)
  return last !== before && last !== undefined
}

/** Moves a dead lock away, unless somebody has replaced it since it was read. */
function removeDead(path: string, text: string): void {
  const aside = draftOf(path)
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
 * @throws RankBenchError(usage) when another living process is measuring into `directory`
 */
export async function lockRun(directory: string, options: LockOptions = {}): Promise<Lock> {
  const { patienceMs = silentMs, heartbeatMs = usualHeartbeatMs, onWait = () => {} } = options
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
  return keepFresh(path, heartbeatMs)
}

export interface LockSeen {
  readonly alive: boolean
  readonly holder: string
}

/** Whether somebody measures into a folder, by what can be seen now, without waiting; undefined where nobody holds its lock. */
export function seenLock(directory: string): LockSeen | undefined {
  const path = join(directory, 'run.lock')
  const text = readLock(path)
  const holder = text === undefined ? undefined : parseHolder(text)
  if (!holder) return undefined
  const state = stateOf(holder)
  return { alive: state === 'alive' || (state === 'unknown' && silenceMs(path) < silentMs), holder: described(holder) }
}

function keepFresh(path: string, heartbeatMs: number): Lock {
  // The file itself, whatever its name leads to later. Written to, so that the clock is that of the file system.
  const file = openSync(path, 'r+')
  const held = readFileSync(file, 'utf8')
  const touch = () => {
    try {
      writeSync(file, held, 0)
    } catch {
      // Gone with its folder, or not ours to touch: the run itself will say so when it writes.
    }
  }
  const timer = setInterval(touch, heartbeatMs)
  timer.unref()
  return {
    requireHeld: () => requireHeldBy(path, held),
    release: () => {
      clearInterval(timer)
      closeSync(file)
      if (readLock(path) === held) rmSync(path, { force: true })
    },
  }
}

/** @throws RankBenchError(usage) where somebody else writes here now */
function requireHeldBy(path: string, held: string): void {
  const text = readLock(path)
  if (text === held) return
  const holder = text === undefined ? undefined : parseHolder(text)
  throw usageError(
    `${holder ? described(holder) : 'another process'} took this one for dead and measures into ${dirname(path)} now`,
    'what this one finished before is kept; the other goes on',
  )
}
