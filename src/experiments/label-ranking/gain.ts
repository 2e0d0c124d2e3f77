/** What an operator adds on one data set, fold by fold, and what of it is more than chance. */

import { type Estimate, overlappingFoldsEstimate } from '../../stats/estimate.ts'

/** The level at which two models are told apart on a data set; what it does not tell apart is equal. */
export const level = 0.05

/** @param gain one difference a fold, two folds or more */
export const gainEstimate = (gain: readonly number[]): Estimate =>
  overlappingFoldsEstimate(gain, 1 / (gain.length - 1))!
