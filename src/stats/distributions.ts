/** Distributions of statistics; the one place that knows which library has them. */

import jstat from 'jstat'

/** The value that a t-distributed number stays below with this probability. */
export const studentQuantile = (probability: number, degreesOfFreedom: number): number =>
  jstat.studentt.inv(probability, degreesOfFreedom)

/** The probability of a t-distributed number at least as far from 0 as `value`; keeps its digits however small. */
export const studentTails = (value: number, degreesOfFreedom: number): number =>
  jstat.ibeta(degreesOfFreedom / (degreesOfFreedom + value * value), degreesOfFreedom / 2, 0.5)

/** The probability of an F-distributed number above `value`; keeps its digits however small. */
export const fTail = (value: number, between: number, within: number): number =>
  jstat.ibeta(within / (within + between * value), within / 2, between / 2)

/** Stands for infinitely many degrees of freedom: the library takes no infinity, and its result no longer changes. */
const manyDegrees = 100_000

/** The value that the range of `count` standard normal numbers stays below with this probability. */
export const studentizedRangeQuantile = (probability: number, count: number): number =>
  jstat.tukey.inv(probability, count, manyDegrees)

/** The probability of a standard normal number below `value`. */
export const normalCdf = (value: number): number => jstat.normal.cdf(value, 0, 1)

/** The value that a standard normal number stays below with this probability. */
export const normalQuantile = (probability: number): number => jstat.normal.inv(probability, 0, 1)
