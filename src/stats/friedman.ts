/**
 * Many systems on many data sets: do their ranks differ, and by how much must mean ranks differ to say so?
 * Demsar, "Statistical Comparisons of Classifiers over Multiple Data Sets", JMLR 2006.
 */

import { fTail, studentizedRangeQuantile } from './distributions.ts'

export interface RankComparison {
  /** Mean rank of each system, 1 is best. */
  readonly meanRanks: readonly number[]
  /** Iman and Davenport's correction of the Friedman test: probability of ranks as uneven when all systems are the same. */
  readonly p: number
  /** Nemenyi's critical difference at 5 %: mean ranks further apart differ. */
  readonly criticalDifference: number
  readonly blocks: number
}

/** Ranks of one block, the largest value first; equal values share their mean rank. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const above = values.filter((other) => other > value).length
    const equal = values.filter((other) => other === value).length
    return above + (equal + 1) / 2
  })
}

/** @param blocks values of all systems on each block (a fold, a data set), larger is better; at least 2 of both */
export function compareRanks(blocks: readonly (readonly number[])[]): RankComparison {
  const [b, k] = [blocks.length, blocks[0].length]
  const meanRanks = new Array<number>(k).fill(0)
  for (const block of blocks) for (const [i, rank] of ranksOf(block).entries()) meanRanks[i] += rank / b
  const spread = meanRanks.reduce((sum, rank) => sum + (rank - (k + 1) / 2) ** 2, 0)
  const friedman = ((12 * b) / (k * (k + 1))) * spread
  const F = ((b - 1) * friedman) / (b * (k - 1) - friedman)
  return {
    meanRanks,
    p: Number.isFinite(F) ? fTail(F, k - 1, (k - 1) * (b - 1)) : 0,
    criticalDifference: (studentizedRangeQuantile(0.95, k) / Math.SQRT2) * Math.sqrt((k * (k + 1)) / (6 * b)),
    blocks: b,
  }
}
