/**
 * Hierarchical bootstrap for timings: samples of one process resemble each other more than samples of two, so
 * whole processes (forks) are resampled first and samples within them second. The interval then contains
 * the spread between processes, which pooling hides.
 */

import type { Random } from '../core/random.ts'
import { median, quantileSorted } from './quantile.ts'

/** Samples of each fork, in the order taken. */
export type Forks = readonly (readonly number[])[]

export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

const resampleCount = 1000

/** Median over forks of each fork's median: one slow fork cannot outvote the others by having more samples. */
export const medianOfForks = (forks: Forks): number => median(forks.map((samples) => median(samples)))

function resampledMedian(samples: readonly number[], random: Random): number {
  const drawn = new Float64Array(samples.length)
  for (let i = 0; i < drawn.length; i++) drawn[i] = samples[random.integer(samples.length)]
  return median(drawn)
}

function percentileInterval(value: number, statistics: Float64Array, level: number): Estimate {
  statistics.sort()
  return {
    value,
    low: quantileSorted(statistics, (1 - level) / 2),
    high: quantileSorted(statistics, (1 + level) / 2),
  }
}

/** Median of fork medians with a percentile bootstrap interval. Forks without samples are a caller's mistake. */
export function bootstrapMedian(forks: Forks, random: Random, level = 0.95): Estimate {
  const statistics = new Float64Array(resampleCount)
  for (let b = 0; b < resampleCount; b++) {
    const medians = forks.map(() => resampledMedian(forks[random.integer(forks.length)], random))
    statistics[b] = median(medians)
  }
  return percentileInterval(medianOfForks(forks), statistics, level)
}

/**
 * Ratio of medians a / b with its interval, for two subjects measured in the same rounds: round r of `a` is paired
 * with round r of `b`, and rounds are resampled together, so that drift of the machine cancels.
 */
export function bootstrapRatio(a: Forks, b: Forks, random: Random, level = 0.95): Estimate {
  const rounds = Math.min(a.length, b.length)
  const statistics = new Float64Array(resampleCount)
  for (let k = 0; k < resampleCount; k++) {
    const chosen = Array.from({ length: rounds }, () => random.integer(rounds))
    const top = median(chosen.map((round) => resampledMedian(a[round], random)))
    const bottom = median(chosen.map((round) => resampledMedian(b[round], random)))
    statistics[k] = top / bottom
  }
  const value = medianOfForks(a.slice(0, rounds)) / medianOfForks(b.slice(0, rounds))
  return percentileInterval(value, statistics, level)
}
