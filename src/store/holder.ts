/** Who holds a lock: enough to tell a living process from one whose number was given to somebody else since. */

import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface Holder {
  readonly pid: number
  readonly host: string
  /** Since when the machine runs; absent where the system does not say. */
  readonly boot?: string
  /** Process numbers mean something within one such space: a container has its own. */
  readonly pids?: string
  /** When the process started, in ticks of the system since boot. */
  readonly started?: string
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Field 22 of /proc/<pid>/stat; the name of the command, in brackets before, may hold anything. */
const startOf = (pid: number): string | undefined =>
  attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19])

const present = (facts: Record<string, string | undefined>): object =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))

export const thisProcess = (): Holder => ({
  pid: process.pid,
  host: hostname(),
  ...present({
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pids: attempt(() => readlinkSync('/proc/self/ns/pid')),
    started: startOf(process.pid),
  }),
})

/** What a lock file says, or undefined where it says nothing (an empty or foreign file). Earlier locks hold a number only. */
export function parseHolder(text: string): Holder | undefined {
  const value: unknown = attempt(() => JSON.parse(text))
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return { pid: value, host: hostname() }
  return typeof value === 'object' && value !== null && 'pid' in value && 'host' in value
    ? (value as Holder)
    : undefined
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process: it lives, and may not be signalled by us.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether its number can be looked up from here: same host, same boot, same space of process numbers. */
const isNear = (holder: Holder, me: Holder): boolean =>
  holder.host === me.host && (holder.boot ?? me.boot) === me.boot && (holder.pids ?? me.pids) === me.pids

/** 'unknown' where only signs of life can tell: another machine or container, a system that does not say when processes start. */
export function stateOf(holder: Holder, me: Holder = thisProcess()): 'alive' | 'dead' | 'unknown' {
  // An earlier boot of this host: whatever it was, it has ended.
  if (holder.host === me.host && holder.boot !== undefined && holder.boot !== me.boot) return 'dead'
  if (!isNear(holder, me)) return 'unknown'
  if (!exists(holder.pid)) return 'dead'
  const started = startOf(holder.pid)
  if (holder.started === undefined || started === undefined) return 'unknown'
  return holder.started === started ? 'alive' : 'dead'
}
