/**
 * Logarithms of the permutation of a relaxed network. P is a sum of products of shares, none of them negative: in logarithms
 *
 *   log c_i' = log(alpha c_i + (1 - alpha) c_j)     log c_j' = log((1 - alpha) c_i + alpha c_j)
 *
 * nothing cancels and nothing is less than any number. What each term has in its sum are two shares of 1; the gradient goes back
 * through the network by these shares, and on its way leaves to the distance d = b - a of every comparator what it kept times
 * d log alpha / dd and what it exchanged times d log(1 - alpha) / dd.
 */

import { logAddExp } from '../numerics/logistic.ts'
import type { Comparators } from './comparators.ts'
import type { Swap } from './steps.ts'

/** What a network has learnt of its row, and where gradients in the distances of its comparators are gathered. */
interface Distances {
  /** b - a of every comparator. */
  readonly apart: Float64Array
  readonly apartBar: Float64Array
  readonly apartDot: Float64Array
}

export interface LogSwaps {
  /** From the distances; call after the network ran. */
  prepare(): void
  /** l becomes the logarithm of P^T e^l, in place. */
  combine(l: Float64Array): void
  /** Adds the gradient of sum_j u[j] log (P^T e^l)_j to the distances; l and u are used up. */
  pull(l: Float64Array, u: Float64Array): void
  /** lDot becomes the derivative of `combine` along the distances' tangents, l what `combine` makes of it. */
  push(l: Float64Array, lDot: Float64Array): void
}

/** The share e^a has in a sum e^b; nothing has none in anything. */
const share = (a: number, b: number): number => (a === Number.NEGATIVE_INFINITY ? 0 : Math.exp(a - b))

/** The logarithms of what every comparator keeps and exchanges, and how fast they grow with b - a. */
function logShares(swap: Swap, apart: Float64Array) {
  const [kept, exchanged, keptRate, exchangedRate] = Array.from({ length: 4 }, () => new Float64Array(apart.length))
  const prepare = () => {
    for (let c = 0; c < apart.length; c++) {
      const size = Math.abs(apart[c])
      const { tail, slope } = swap.at(size)
      const { logTail, hazard } = swap.logAt(size)
      const ordered = apart[c] >= 0
      const rest = Math.log1p(-tail)
      const rise = slope / (1 - tail)
      kept[c] = ordered ? rest : logTail
      exchanged[c] = ordered ? logTail : rest
      keptRate[c] = ordered ? rise : hazard
      exchangedRate[c] = ordered ? -hazard : -rise
    }
  }
  return { kept, exchanged, keptRate, exchangedRate, prepare }
}

export function createLogSwaps({ first, second }: Comparators, swap: Swap, distances: Distances): LogSwaps {
  const count = first.length
  const { apart, apartBar, apartDot } = distances
  const { kept, exchanged, keptRate, exchangedRate, prepare } = logShares(swap, apart)
  /** What comparators of the last pull mixed. */
  const [above, below] = [new Float64Array(count), new Float64Array(count)]

  const mix = (l: Float64Array, c: number) => {
    const [a, b] = [l[first[c]], l[second[c]]]
    l[first[c]] = logAddExp(kept[c] + a, exchanged[c] + b)
    l[second[c]] = logAddExp(exchanged[c] + a, kept[c] + b)
  }

  /** From the gradient after comparator c, which mixed l[i] = a and l[j] = b, to that before it. */
  function pullOne(u: Float64Array, c: number, a: number, b: number): void {
    const [i, j] = [first[c], second[c]]
    const [top, bottom] = [logAddExp(kept[c] + a, exchanged[c] + b), logAddExp(exchanged[c] + a, kept[c] + b)]
    const [aKept, bExchanged] = [u[i] * share(kept[c] + a, top), u[i] * share(exchanged[c] + b, top)]
    const [aExchanged, bKept] = [u[j] * share(exchanged[c] + a, bottom), u[j] * share(kept[c] + b, bottom)]
    apartBar[c] += (aKept + bKept) * keptRate[c] + (aExchanged + bExchanged) * exchangedRate[c]
    u[i] = aKept + aExchanged
    u[j] = bKept + bExchanged
  }

  return {
    prepare,
    combine(l) {
      for (let c = count - 1; c >= 0; c--) mix(l, c)
    },
    pull(l, u) {
      for (let c = count - 1; c >= 0; c--) {
        above[c] = l[first[c]]
        below[c] = l[second[c]]
        mix(l, c)
      }
      for (let c = 0; c < count; c++) pullOne(u, c, above[c], below[c])
    },
    push(l, lDot) {
      for (let c = count - 1; c >= 0; c--) {
        const [i, j] = [first[c], second[c]]
        const [a, b, aDot, bDot] = [l[i], l[j], lDot[i], lDot[j]]
        const [kDot, eDot] = [keptRate[c] * apartDot[c], exchangedRate[c] * apartDot[c]]
        mix(l, c)
        lDot[i] = share(kept[c] + a, l[i]) * (kDot + aDot) + share(exchanged[c] + b, l[i]) * (eDot + bDot)
        lDot[j] = share(exchanged[c] + a, l[j]) * (eDot + aDot) + share(kept[c] + b, l[j]) * (kDot + bDot)
      }
    },
  }
}
