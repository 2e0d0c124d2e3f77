/** The state of a cell in a file, which a killed process leaves as it was: a new one is written beside it and then takes its place. */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Keeper } from '../core/keeper.ts'

export const fileKeeper = (path: string): Keeper => ({
  load() {
    try {
      return readFileSync(path)
    } catch {
      return undefined
    }
  },
  save(state) {
    const temporary = `${path}.${process.pid}.tmp`
    mkdirSync(dirname(path), { recursive: true })
    try {
      writeFileSync(temporary, state)
      renameSync(temporary, path)
    } finally {
      rmSync(temporary, { force: true })
    }
  },
})

/** Removes the state of a cell that is measured. */
export const forgetState = (path: string): void => rmSync(path, { force: true })
