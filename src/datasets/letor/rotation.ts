/** Folds by rotation, as LETOR makes them: one part is tested, the part before it validates, the others train. */

import type { Fold, Part, RankingData } from '../../core/dataset.ts'
import { usageError } from '../../core/errors.ts'
import { suggest } from '../../core/suggest.ts'
import { concatenate, widened } from './concatenate.ts'

/** Parts, 0-based, of one fold. */
export type FoldParts = { readonly name: string } & Readonly<Record<Part, readonly number[]>>

/** The turns of `count` parts; with five of them LETOR's table: fold 1 trains on S1 S2 S3, validates on S4, tests on S5. */
export const turnsOf = (count: number): FoldParts[] =>
  Array.from({ length: count }, (_, f) => {
    const parts = Array.from({ length: count }, (_, i) => (f + i) % count)
    return { name: `fold${f + 1}`, train: parts.slice(0, -2), validation: parts.slice(-2, -1), test: parts.slice(-1) }
  })

/** The fold of that name. @throws RankBenchError(usage) with the names there are */
export function foldNamed<T extends { readonly name: string }>(folds: readonly T[], name: string, owner: string): T {
  const found = folds.find((fold) => fold.name === name)
  if (found) return found
  const names = folds.map((fold) => fold.name)
  const near = suggest(name, names)
  throw usageError(
    `${owner} has no fold "${name}"; it has: ${names.join(', ')}`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined,
  )
}

/** The data of one turn, all of one width. */
export function foldOf(parts: readonly RankingData[], turn: FoldParts): Fold {
  const level = widened(parts)
  const pick = (indices: readonly number[]) => concatenate(indices.map((i) => level[i]))
  return { train: pick(turn.train), validation: pick(turn.validation), test: pick(turn.test) }
}
