/**
 * Intervals of timings. Samples of one process resemble each other more than samples of two, so that a process (a fork, one
 * round) is the unit: one number each, its median, and Student's t over them. It covers at three rounds what it says; resampling
 * three forks does not, because three numbers, drawn again and again, never show how wide the rest spread.
 * Times are positive and skewed to slow ones, so the interval is one of logarithms.
 */

import { meanInterval } from './mean.ts'
import { median } from './quantile.ts'

/** Samples of each fork, in the order taken. */
type Forks = readonly (readonly number[])[]

export interface TimingEstimate {
  readonly value: number
  /** 0 and Infinity when there is a single fork: one says nothing about the spread between them. */
  readonly low: number
  readonly high: number
}

const medians = (forks: Forks): number[] => forks.map((samples) => median(samples))

/** Median over forks of each fork's median: one slow fork cannot outvote the others by having more samples. */
const medianOfForks = (forks: Forks): number => median(medians(forks))

/** Student's interval of positive numbers, by their logarithms, widened to hold the value it is shown with. */
function aroundValue(value: number, each: readonly number[], level: number): TimingEstimate {
  const { low, high } = meanInterval(each.map(Math.log), level)
  return { value, low: Math.min(value, Math.exp(low)), high: Math.max(value, Math.exp(high)) }
}

/** Median of fork medians with its interval. Forks without samples are a caller's mistake. */
export const medianInterval = (forks: Forks, level = 0.95): TimingEstimate =>
  aroundValue(medianOfForks(forks), medians(forks), level)

/**
 * Ratio of medians a / b with its interval, for two subjects measured in the same rounds: round r of `a` is paired with round r
 * of `b`, so that drift of the machine cancels.
 */
export function ratioInterval(a: Forks, b: Forks, level = 0.95): TimingEstimate {
  const rounds = Math.min(a.length, b.length)
  const [top, bottom] = [a.slice(0, rounds), b.slice(0, rounds)]
  const bottoms = medians(bottom)
  const ratios = medians(top).map((value, round) => value / bottoms[round])
  return aroundValue(medianOfForks(top) / medianOfForks(bottom), ratios, level)
}
