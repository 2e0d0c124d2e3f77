/**
 * Ordinal cross entropy: the label is read as `levels` yes-or-no questions, is it at least l, all answered by one score,
 *
 *   sum_i w_i sum over l = 1..levels of BCE(sigma(s_i - theta_l), [y_i >= l]),   theta_l = l - (levels + 1) / 2
 *
 * Pobrotyn, Bartczak, Synowiec, Bialobrzeski, Bojar, "Context-Aware Learning to Rank with Self-Attention", SIGIR eCom 2020
 * (allRank), after Niu et al., CVPR 2016, answer with one output a level; with one score the thresholds are fixed, a
 * score unit apart and centred on 0.
 */

import { defineMethod } from '../../../core/method.ts'
import { lossVariant } from '../../kit/kernel-variants.ts'
import { lossOperator } from '../../kit/loss-plan.ts'
import { pointwise, pointwiseLoss } from '../../kit/pointwise.ts'
import { sigmoid, softplus } from '../../numerics/logistic.ts'

/** Ordinal regression with one score an item. */
export const ordinal = defineMethod({
  name: 'ordinal',
  title: 'Ordinal cross entropy with fixed thresholds',
  citations: [
    {
      authors: 'Pobrotyn, Bartczak, Synowiec, Białobrzeski, Bojar',
      title: 'Context-Aware Learning to Rank with Self-Attention',
      venue: 'SIGIR eCom',
      year: 2020,
      url: 'https://arxiv.org/abs/2005.10084',
    },
  ],
  operators: {
    loss: lossOperator(
      {
        params: {
          levels: {
            kind: 'number',
            default: 4,
            min: 1,
            max: 10_000,
            integer: true,
            meaning: 'the highest label: how many questions',
          },
        },
        ...pointwise,
        labels: 'gain',
      },
      (list, params) => {
        const levels = params.levels as number
        const threshold = (l: number) => l - (levels + 1) / 2
        const sumOver = (of: (v: number, yes: boolean) => number) => (s: number, y: number) => {
          let sum = 0
          for (let l = 1; l <= levels; l++) sum += of(s - threshold(l), y >= l)
          return sum
        }
        return pointwiseLoss(list, {
          value: sumOver((v, yes) => softplus(yes ? -v : v)),
          slope: sumOver((v, yes) => (yes ? -sigmoid(-v) : sigmoid(v))),
          bend: sumOver((v) => sigmoid(v) * sigmoid(-v)),
        })
      },
      [lossVariant({ forward: 'pointwise', set: { loss: 'ordinal', levels: { param: 'levels' } }, checksList: true })],
    ),
  },
})
