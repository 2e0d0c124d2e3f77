/**
 * SoftSort: row i of the relaxed permutation is softmax_j(-|x_[i] - x_j|^power / tau), x_[i] the i-th sorted value.
 *
 * Prillo, Eisenschlos, "SoftSort: A Continuous Relaxation for the argsort Operator", ICML 2020.
 */

import { defineMethod } from '../../core/method.ts'
import type { ParamSpace } from '../../core/params.ts'
import { tau } from '../kit/declared-params.ts'
import { withPermutationKernels } from '../kit/permutation-kernels.ts'
import { permutationOperators } from '../kit/permutation-rows.ts'
import { softmaxRows } from '../kit/softmax-rows.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'

const space: ParamSpace = {
  tau,
  power: {
    kind: 'number',
    integer: true,
    default: 1,
    min: 1,
    max: 2,
    meaning: 'exponent of the distance |x_[i] - x_j|',
  },
}

const softSortRows = softmaxRows((x, params) => {
  const n = x.length
  const temperature = params.tau as number
  const squared = params.power === 2
  const sign = params.direction === 'descending' ? -1 : 1
  const order = new Uint32Array(n)
  /** position[order[i]] = i. */
  const position = new Int32Array(n)
  const work = argsortWork(n)
  const [sBar, xDot] = [new Float64Array(n), new Float64Array(n)]
  /**
   * d/dx_j of -|pivot - x_j|^power at pivot x_[i]; with respect to the pivot it is the opposite. The sign of pivot - x_j
   * is read off the positions: of tied items one moves past the other, and taking sign(0) = 0 for both loses the
   * derivative of operators that are smooth there.
   */
  const slopeOf = (i: number, j: number) => (squared ? 2 * (x[order[i]] - x[j]) : sign * Math.sign(i - position[j]))
  return {
    prepare() {
      argsort(x, order, sign < 0, work)
      for (let i = 0; i < n; i++) position[order[i]] = i
    },
    logits(i, l, at) {
      const pivot = x[order[i]]
      for (let j = 0; j < n; j++) {
        const distance = Math.abs(pivot - x[j])
        l[at + j] = (squared ? -distance * distance : -distance) / temperature
      }
      return order[i]
    },
    pullLogits(i, u) {
      for (let j = 0; j < n; j++) {
        const pulled = (u[j] * slopeOf(i, j)) / temperature
        sBar[j] += pulled
        sBar[order[i]] -= pulled
      }
    },
    finish(xBar) {
      xBar.set(sBar)
      sBar.fill(0)
    },
    preparePush(direction) {
      xDot.set(direction)
    },
    pushLogits(i, lDot, at) {
      for (let j = 0; j < n; j++) lDot[at + j] = (slopeOf(i, j) * (xDot[j] - xDot[order[i]])) / temperature
    },
    ...(squared && {
      bendLogits(i: number, u: Float64Array) {
        for (let j = 0; j < n; j++) {
          const bent = (u[j] * 2 * (xDot[order[i]] - xDot[j])) / temperature
          sBar[j] += bent
          sBar[order[i]] -= bent
        }
      },
    }),
  }
})

/** SoftSort. At tau 0 the hard permutation of the stable sort, with gradient 0 (in `sort`: the permuted cotangent). */
export const softsort = defineMethod({
  name: 'softsort',
  title: 'SoftSort: softmax of the distances to the sorted values',
  citations: [
    {
      authors: 'Prillo, Eisenschlos',
      title: 'SoftSort: A Continuous Relaxation for the argsort Operator',
      venue: 'ICML',
      year: 2020,
      url: 'https://arxiv.org/abs/2006.16038',
    },
  ],
  operators: withPermutationKernels(
    permutationOperators(
      {
        params: space,
        softness: ({ power }) => ({ param: 'tau', units: power as number }),
        stochastic: 'rows',
        logarithms: true,
        also: { sort: { monotone: false }, rank: { monotone: false } },
      },
      softSortRows,
    ),
    [
      { rows: 'absolute', when: { power: 1 } },
      { rows: 'squared', when: { power: 2 } },
    ],
  ),
})
