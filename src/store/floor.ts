/** The noise floor of this machine, as doctor measured it: kept in the user's cache, and void on another machine. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { writeWhole } from '../files/write.ts'

export interface Floor {
  /** Facts of the machine that it holds for. */
  readonly machine: string
  readonly at: string
  /** Robust standard deviation of the logarithm of a ratio of two processes of the same build. */
  readonly deviation: number
  readonly rounds: number
}

const floorPath = (): string => {
  const named = process.env.XDG_CACHE_HOME ?? ''
  return join(isAbsolute(named) ? named : join(homedir(), '.cache'), 'rank-bench', 'floor.json')
}

/** @returns where it was written */
export function writeFloor(floor: Floor): string {
  const path = floorPath()
  mkdirSync(dirname(path), { recursive: true })
  writeWhole(path, `${JSON.stringify(floor, null, 2)}\n`)
  return path
}

/** Undefined where none was measured, or on another machine. */
export function readFloor(machine: string): Floor | undefined {
  const path = floorPath()
  if (!existsSync(path)) return undefined
  try {
    const floor = JSON.parse(readFileSync(path, 'utf8')) as Floor
    return floor.machine === machine && floor.deviation >= 0 ? floor : undefined
  } catch {
    return undefined
  }
}
