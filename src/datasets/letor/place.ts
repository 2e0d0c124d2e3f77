/** Copies files into a folder: each whole or not at all. */

import { copyFileSync, mkdirSync, renameSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { dataError } from '../../core/errors.ts'
import { discard } from './discard.ts'
import { fileNamed } from './layout.ts'

interface Placement {
  /** e.g. S1: no second file of that stem may be there. */
  readonly stem: string
  readonly from: string
}

/** S1 from .../test.txt.gz -> S1.txt.gz */
const targetName = ({ stem, from }: Placement): string => `${stem}.txt${/\.gz$/i.test(from) ? '.gz' : ''}`

/** S1.txt beside S1.txt.gz would leave it to chance which one is read. */
function refuseSecond(placement: Placement, target: string): void {
  const name = targetName(placement)
  const there = fileNamed(target, [placement.stem])
  if (there === undefined || basename(there) === name) return
  throw dataError(`${there} is already there and would stand beside ${name}`, `remove ${there} first`)
}

/** @throws RankBenchError(data) when the folder cannot be written, or holds the same part under another name */
export function placeFiles(placements: readonly Placement[], target: string): void {
  for (const placement of placements) refuseSecond(placement, target)
  const moves = placements.map((placement) => ({
    from: placement.from,
    temporary: join(target, `.${placement.stem}.${process.pid}.tmp`),
    to: join(target, targetName(placement)),
  }))
  try {
    mkdirSync(target, { recursive: true })
    for (const { from, temporary } of moves) copyFileSync(from, temporary)
    for (const { from, temporary, to } of moves) if (resolve(from) !== resolve(to)) renameSync(temporary, to)
  } catch (cause) {
    throw dataError(`${target} cannot be written: ${(cause as Error).message}`, 'name another root with --data')
  } finally {
    for (const { temporary } of moves) discard(temporary)
  }
}
