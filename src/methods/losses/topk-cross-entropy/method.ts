/**
 * Top-k cross entropy: for every relevant item y (label above 0),
 *
 *   -w_y log sum over k of p_k min(1, S_k(y)),   S_k(y) = sum over m <= k of P_(m, y)
 *
 * where P_(m, .) is the relaxed indicator of the m-th largest score and p_k the probability of k. All items are among
 * the first n, whatever a relaxation makes of them: S_k is 1 from k = n on. Relaxations whose columns do not sum to 1
 * may pass 1 before; what is certain cannot become more so, and has gradient 0.
 *
 * Petersen, Kuehne, Borgelt, Deussen, "Differentiable Top-k Classification Learning", ICML 2022, where one class is
 * relevant and P is doubly stochastic. Computed from the logarithms of the rows, as permutation-cross-entropy is. Lists without a
 * relevant item have loss 0.
 */

import { decimal } from '../../../core/decimal.ts'
import { usageError } from '../../../core/errors.ts'
import { defineMethod, type OperatorSpec } from '../../../core/method.ts'
import type { Params } from '../../../core/params.ts'
import {
  createCutOff,
  matrixSelector,
  type PermutedList,
  type PermutedLoss,
  permutationLoss,
  resolveMatrix,
} from '../../kit/nested-matrix.ts'
import { selectedOperator } from '../../kit/nested-operator.ts'
import { logAddExp } from '../../numerics/logistic.ts'
import { permutationKernels } from '../permutation-rows.ts'

/** A distribution of k. */
interface Shares {
  /** P(K = 1), P(K = 2), ... */
  readonly shares: Float64Array
  /** P(K >= 1), P(K >= 2), ... */
  readonly tails: Float64Array
}

/** `0.5x0x0.5` -> P(K = 1), P(K = 2), P(K = 3). @throws RankBenchError(usage) unless it is a distribution */
function sharesOf(text: string): Shares {
  const p = text.split('x').map((word) => decimal(word) ?? Number.NaN)
  const total = p.reduce((a, b) => a + b, 0)
  if (!p.every((each) => each >= 0) || !(Math.abs(total - 1) < 1e-9)) {
    throw usageError(
      `loss:topk-cross-entropy: p_k is "${text}"; expected probabilities of k = 1, 2, ... that sum to 1`,
      'e.g. topk-cross-entropy[p_k=0.5x0x0x0x0.5]',
    )
  }
  // Their sum is 1, not 1 but for rounding: a certain item costs nothing.
  const shares = Float64Array.from(p, (each) => each / total)
  const tails = Float64Array.from(shares)
  for (let k = tails.length - 2; k >= 0; k--) tails[k] += tails[k + 1]
  return { shares, tails: tails.map((tail) => Math.min(1, tail)) }
}

/** From here to 0 the logarithm of a sum of probabilities counts as that of 1. */
const certain = -(2 ** -40)

const crossEntropy =
  ({ shares, tails }: Shares) =>
  ({ labels, weights, logP, logPBar, least }: PermutedList): PermutedLoss => {
    const n = labels.length
    const rows = Math.min(n, shares.length)
    /** log of the chance of item y, and the row, from 0, from which it is certain. */
    const [logChance, sure] = [new Float64Array(n), new Uint32Array(n)]
    const cutOff = createCutOff(least)

    function read(y: number): void {
      let [sum, chance] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
      for (let m = 0; m < rows; m++) {
        sum = logAddExp(sum, logP[m * n + y])
        if (sum >= certain || m === n - 1) {
          sure[y] = m
          logChance[y] = Math.min(0, logAddExp(chance, Math.log(tails[m])))
          return
        }
        chance = logAddExp(chance, Math.log(shares[m]) + sum)
      }
      sure[y] = rows
      logChance[y] = chance
    }

    return {
      cutOff,
      value() {
        cutOff.reset()
        let loss = 0
        for (let y = 0; y < n; y++) {
          if (!(labels[y] > 0 && weights[y] > 0)) continue
          read(y)
          loss -= weights[y] * cutOff.of(logChance[y])
        }
        return loss
      },
      gradient(scale) {
        for (let y = 0; y < n; y++) {
          if (!(labels[y] > 0 && weights[y] > 0) || logChance[y] === Number.NEGATIVE_INFINITY) continue
          const beyond = tails[sure[y]] ?? 0
          for (let m = 0; m < sure[y]; m++) {
            logPBar[m * n + y] = -scale * weights[y] * (tails[m] - beyond) * Math.exp(logP[m * n + y] - logChance[y])
          }
        }
      },
      /** The logarithm of a sum of exponentials: minus what a softmax with probabilities q_m of the rows moves by. */
      bend(scale, direction, out) {
        for (let y = 0; y < n; y++) {
          if (!(labels[y] > 0 && weights[y] > 0) || logChance[y] === Number.NEGATIVE_INFINITY) continue
          const beyond = tails[sure[y]] ?? 0
          const share = (m: number) => (tails[m] - beyond) * Math.exp(logP[m * n + y] - logChance[y])
          let moved = 0
          for (let m = 0; m < sure[y]; m++) moved += share(m) * direction[m * n + y]
          for (let m = 0; m < sure[y]; m++) {
            out[m * n + y] = -scale * weights[y] * share(m) * (direction[m * n + y] - moved)
          }
        }
      },
    }
  }

/** P(K >= k), then P(K = k). */
function tableOf({ shares, tails }: Shares): Float64Array {
  const table = new Float64Array(2 * shares.length)
  table.set(tails)
  table.set(shares, tails.length)
  return table
}

function operatorFor(given: Params): OperatorSpec {
  return permutationLoss(
    {
      params: {
        p_k: {
          kind: 'text',
          default: '1',
          examples: ['1', '0.5x0x0.5'],
          meaning: 'probabilities of k = 1, 2, ..., separated by x',
        },
        operator: matrixSelector('selector of the relaxed permutation, e.g. neuralsort[tau=0.5]'),
      },
      growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
      labels: 'any',
      promises: { shift: 'stays', symmetric: false },
    },
    resolveMatrix(String(given.operator)),
    crossEntropy(sharesOf(String(given.p_k))),
    (_, { operator, p_k }) => permutationKernels(resolveMatrix(String(operator)), tableOf(sharesOf(String(p_k)))),
  )
}

/**
 * Top-k cross entropy over any relaxed permutation.
 * Its plan throws RankBenchError(usage) on a `p_k` that is no distribution or an `operator` that is no matrix operator.
 */
export const topkCrossEntropy = defineMethod({
  name: 'topk-cross-entropy',
  title: 'Top-k cross entropy',
  citations: [
    {
      authors: 'Petersen, Kuehne, Borgelt, Deussen',
      title: 'Differentiable Top-k Classification Learning',
      venue: 'ICML',
      year: 2022,
      url: 'https://arxiv.org/abs/2206.07290',
    },
  ],
  operators: {
    loss: selectedOperator({ p_k: '1', operator: 'softsort' }, operatorFor),
  },
})
