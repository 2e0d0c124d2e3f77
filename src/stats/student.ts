/** Student's t distribution; the one place that knows which library has it. */

import jstat from 'jstat'

/** The value that a t-distributed number stays below with this probability. */
export const studentQuantile = (probability: number, degreesOfFreedom: number): number =>
  jstat.studentt.inv(probability, degreesOfFreedom)

/** The probability of a t-distributed number below `value`. */
export const studentCdf = (value: number, degreesOfFreedom: number): number =>
  jstat.studentt.cdf(value, degreesOfFreedom)
