/** Mean ranks of systems over blocks that each hold many values of every system, with what drawing these values again does to them. */

import type { Random } from '../core/random.ts'
import { compareRanks, type RankComparison } from './friedman.ts'
import { mean } from './mean.ts'
import { quantileSorted } from './quantile.ts'

export interface RankedBlocks extends RankComparison {
  /** Percentile interval of each mean rank when the values of every block are drawn again. */
  readonly intervals: readonly { readonly low: number; readonly high: number }[]
  /** Pairs of systems whose mean ranks are further apart than the critical difference, of all pairs. */
  readonly separated: { readonly pairs: number; readonly of: number }
}

/** Blocks of systems of values; the systems of a block have values of the same things. */
type Blocks = readonly (readonly (readonly number[])[])[]

const resamples = 1000

/** Mean ranks under one resample of each block. */
function resampledRanks(blocks: Blocks, draw: (count: number) => number[]): readonly number[] {
  const means = blocks.map((systems) => {
    const drawn = draw(systems[0].length)
    return systems.map((values) => mean(drawn.map((q) => values[q])))
  })
  return compareRanks(means).meanRanks
}

function rankIntervals(blocks: Blocks, random: Random): RankedBlocks['intervals'] {
  const draw = (count: number) => Array.from({ length: count }, () => random.integer(count))
  const all = Array.from({ length: resamples }, () => resampledRanks(blocks, draw))
  return blocks[0].map((_, i) => {
    const ranks = Float64Array.from(all, (each) => each[i]).sort()
    return { low: quantileSorted(ranks, 0.025), high: quantileSorted(ranks, 0.975) }
  })
}

function separatedPairs(ranks: readonly number[], difference: number): RankedBlocks['separated'] {
  const pairs = ranks.flatMap((rank, i) => ranks.slice(i + 1).map((other) => Math.abs(rank - other)))
  return { pairs: pairs.filter((apart) => apart > difference).length, of: pairs.length }
}

/** @param blocks at least 2, of at least 2 systems; larger values are better */
export function rankBlocks(blocks: Blocks, random: Random): RankedBlocks {
  const comparison = compareRanks(blocks.map((systems) => systems.map((values) => mean(values))))
  return {
    ...comparison,
    intervals: rankIntervals(blocks, random),
    separated: separatedPairs(comparison.meanRanks, comparison.criticalDifference),
  }
}
