/** PiRank: what it takes and promises; reference.ts says what it is. */

import { defineMethod } from '../../../core/method.ts'
import { cutoff } from '../../kit/cutoff.ts'
import { tau } from '../../kit/declared-params.ts'
import { gainParams } from '../../kit/gain-params.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator } from '../../kit/loss-plan.ts'
import { pirankLoss } from './reference.ts'

/** PiRank with NeuralSort, of any depth. */
export const pirank = defineMethod({
  name: 'pirank',
  title: 'PiRank: NDCG by relaxed divide and conquer',
  citations: [
    {
      authors: 'Swezey, Grover, Charron, Ermon',
      title: 'PiRank: Scalable Learning To Rank via Differentiable Sorting',
      venue: 'NeurIPS',
      year: 2021,
      url: 'https://arxiv.org/abs/2012.06731',
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: {
          tau: { ...tau, min: 0, exclusiveMin: true },
          k: cutoff,
          depth: {
            kind: 'number',
            default: 1,
            min: 1,
            max: 64,
            integer: true,
            tried: [1, 2],
            meaning: 'rounds of merging',
          },
          ...gainParams,
        },
        growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
        labels: 'gain',
        promises: (params) => ({
          softness: { param: 'tau', units: 1 },
          // Which items meet in a block depends on their order.
          // Entries of one round that tie are kinks, and a shift rounds them apart.
          ...(params.depth === 1 ? ({ shift: 'stays' } as const) : ({ symmetric: false } as const)),
        }),
      },
      pirankLoss,
      [
        lossVariant({
          when: { depth: 1 },
          forward: 'sortedGains',
          set: {
            loss: 'piRank',
            rows: 'neuralSort',
            sign: -1,
            tau: { param: 'tau' },
            k: { param: 'k' },
            discounts: { table: 'discounts' },
          },
          power: 2,
        }),
      ],
    ),
  },
})
