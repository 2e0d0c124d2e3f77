/**
 * Soft rank by pairwise sigmoids: r_i = 1 + sum over j != i of sigma((x_i - x_j) / strength), ascending.
 *
 * Qin, Liu, Li, "A general approximation framework for direct optimization of information retrieval measures",
 * Information Retrieval 2010 (there with alpha = 1 / strength and descending ranks).
 */

import { defineMethod } from '../core/method.ts'
import { direction, strength, strengthSoftness } from './shared/declared-params.ts'
import { itemOperator, type MakeRow } from './shared/row-plan.ts'
import { pullSigmoidRanks, pushSigmoidRanks, sigmoidRanks } from './shared/sigmoid-ranks.ts'

const rankRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const softness = params.strength as number
  const sign = params.direction === 'ascending' ? 1 : -1
  return {
    forward: () => sigmoidRanks(x, softness, sign, y),
    backward: () => pullSigmoidRanks(x, softness, sign, yBar, xBar),
    push: (xDot, yDot) => pushSigmoidRanks(x, softness, sign, xDot, yDot),
  }
}

/** Pairwise sigmoid ranks. At strength 0 tied items share their mean rank, and the gradient is 0. */
export const sigmoid = defineMethod({
  name: 'sigmoid',
  title: 'Ranks as sums of pairwise sigmoids',
  citations: [
    {
      authors: 'Qin, Liu, Li',
      title: 'A general approximation framework for direct optimization of information retrieval measures',
      venue: 'Information Retrieval 13(4)',
      year: 2010,
      url: 'https://doi.org/10.1007/s10791-009-9124-x',
    },
  ],
  operators: {
    rank: itemOperator(
      {
        params: { strength, direction: direction('ascending') },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
        gradient: 'exact',
        promises: {
          softness: strengthSoftness,
          hardLimit: true,
          sum: 'ranks',
          ordered: true,
          monotone: true,
          shift: 'stays',
        },
      },
      rankRow,
    ),
  },
})
