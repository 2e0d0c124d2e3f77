/** log(1 + exp(-sigma d)), the cost of a pair in RankNet and what followed it. */

import type { PairFunction } from '../kit/pair-loss.ts'
import { sigmoid, softplus } from './logistic.ts'

export const logisticPair = (sigma: number): PairFunction => ({
  value: (d) => softplus(-sigma * d),
  slope: (d) => -sigma * sigmoid(-sigma * d),
  bend: (d) => sigma * sigma * sigmoid(sigma * d) * sigmoid(-sigma * d),
})
