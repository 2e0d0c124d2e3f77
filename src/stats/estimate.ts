/**
 * A mean paired difference with its standard error: what every test of "ours against theirs" starts from. Pairing takes out what
 * both sides share, the difficulty of queries and folds.
 */

import { mean, standardDeviation } from './mean.ts'

export interface Estimate {
  /** Ours less theirs. */
  readonly difference: number
  readonly error: number
  readonly degreesOfFreedom: number
  /** Pairs behind it. */
  readonly pairs: number
}

/** One independent part of the variance of a difference. */
interface Component {
  readonly variance: number
  readonly degreesOfFreedom: number
}

/** Satterthwaite's degrees of freedom of a sum of estimated variances; those of all parts together when there is no variance. */
function pooledDegrees(components: readonly Component[]): number {
  const total = components.reduce((sum, { variance }) => sum + variance, 0)
  const spread = components.reduce((sum, each) => sum + each.variance ** 2 / each.degreesOfFreedom, 0)
  return spread > 0 ? total ** 2 / spread : components.reduce((sum, each) => sum + each.degreesOfFreedom, 0)
}

/**
 * Differences of single numbers, e.g. one a fold or one a seed.
 * @returns undefined below two of them: one says nothing about its own spread
 */
export function pairedEstimate(differences: readonly number[]): Estimate | undefined {
  if (differences.length < 2) return undefined
  return {
    difference: mean(differences),
    error: standardDeviation(differences) / Math.sqrt(differences.length),
    degreesOfFreedom: differences.length - 1,
    pairs: differences.length,
  }
}

/**
 * Differences of the folds of one data set. What folds are fitted on overlaps, so that their differences vary less than they would from
 * data set to data set. Nadeau, Bengio, Inference for the Generalization Error, Machine Learning 2003: the variance of the mean is
 * (1/folds + tested/fitted) s^2.
 *
 * @param testedOverFitted rows that are tested over rows that are fitted on, 1/9 of ten folds
 * @returns undefined below two folds
 */
export function overlappingFoldsEstimate(
  differences: readonly number[],
  testedOverFitted: number,
): Estimate | undefined {
  const apart = pairedEstimate(differences)
  return apart && { ...apart, error: apart.error * Math.sqrt(1 + differences.length * testedOverFitted) }
}

/**
 * Mean of fold means of differences a query: folds are strata, each with its own spread. Noise of training, which all queries of
 * a run share, is a part of its own.
 *
 * @param folds differences of each fold, one a query
 * @param seeds our mean under each training seed; the estimate is of their mean. Below two, training noise is not in the error
 * @returns undefined when a fold has fewer than two queries
 */
export function stratifiedEstimate(
  folds: readonly ArrayLike<number>[],
  seeds: readonly number[] = [],
): Estimate | undefined {
  if (folds.length === 0 || folds.some((fold) => fold.length < 2)) return undefined
  const queries = folds.map(
    (fold): Component => ({
      variance: standardDeviation(fold) ** 2 / fold.length / folds.length ** 2,
      degreesOfFreedom: fold.length - 1,
    }),
  )
  const training: Component[] =
    seeds.length < 2
      ? []
      : [{ variance: standardDeviation(seeds) ** 2 / seeds.length, degreesOfFreedom: seeds.length - 1 }]
  const components = [...queries, ...training]
  return {
    difference: mean(folds.map((fold) => mean(fold))),
    error: Math.sqrt(components.reduce((sum, { variance }) => sum + variance, 0)),
    degreesOfFreedom: pooledDegrees(components),
    pairs: folds.reduce((sum, fold) => sum + fold.length, 0),
  }
}
