/** NeuralSort: what it takes and promises; reference.ts says what it is. */

import { defineMethod, type Promises } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { tau } from '../kit/declared-params.ts'
import { withPermutationKernels } from '../kit/permutation-kernels.ts'
import { permutationOperators } from '../kit/permutation-rows.ts'
import { meanRows } from './reference.ts'

const noise: ParamSpace = {
  samples: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 100_000,
    integer: true,
    tried: [0, 3],
    meaning: 'draws of the stochastic form that P is the mean of; 0 is the deterministic form',
  },
  beta: { kind: 'number', default: 1, min: 0, tried: [1, 0.25], meaning: 'scale of the Gumbel noise of a draw' },
  seed: {
    kind: 'number',
    default: 1,
    min: 0,
    integer: true,
    tried: [1, 7],
    meaning: 'of the noise, drawn once a plan',
  },
}

/** Noise belongs to positions and has a unit of its own. */
const promisesOfDraws = ({ samples, beta }: Params): Promises =>
  samples === 0 || beta === 0
    ? {}
    : {
        softness: { param: 'tau', units: 1, scales: false },
        hardLimit: false,
        ties: 'by position',
        symmetric: false,
        monotone: false,
      }

/** NeuralSort. At tau 0 the hard permutation of the stable sort, with gradient 0 (in `sort`: the permuted cotangent). */
export const neuralsort = defineMethod({
  name: 'neuralsort',
  title: 'NeuralSort: unimodal row-stochastic relaxation of the sorting permutation',
  citations: [
    {
      authors: 'Grover, Wang, Zweig, Ermon',
      title: 'Stochastic Optimization of Sorting Networks via Continuous Relaxations',
      venue: 'ICLR',
      year: 2019,
      url: 'https://arxiv.org/abs/1903.08850',
    },
  ],
  operators: withPermutationKernels(
    permutationOperators(
      {
        params: { tau, ...noise },
        softness: () => ({ param: 'tau', units: 1 }),
        stochastic: 'rows',
        logarithms: true,
        hardRows: meanRows,
        instead: promisesOfDraws,
        also: { sort: { monotone: false }, rank: { monotone: false } },
      },
      meanRows,
    ),
    [{ rows: 'neuralSort', when: { samples: 0 } }],
  ),
})
