/**
 * A relaxed sorting network on one row. With d = b - a and alpha = f(d), comparator (a, b) writes
 *
 *   min = alpha a + (1 - alpha) b      max = (1 - alpha) a + alpha b
 *
 * With kappa = alpha + f'(d) d both derivatives are read off one number: dmin = kappa da + (1 - kappa) db, and dmax the
 * other way round. The permutation P is the product of the 2 x 2 mixtures by alpha; it is never formed: P^T c is one
 * pass of c backwards through the network, P u one pass of u forwards. What a comparator keeps and what it exchanges are both
 * computed, neither is 1 minus the other: entries of P are sums of products of them, and keep their digits however small.
 */

import type { Comparators } from './comparators.ts'
import { createLogSwaps, type LogSwaps } from './log-swaps.ts'
import type { Swap } from './steps.ts'

export interface Swaps {
  /** Runs x through the network; the wires then hold the sorted values, ascending. */
  run(x: Float64Array): void
  readonly wires: Float64Array
  /** xBar = J^T yBar for the sorted values. */
  pullWires(yBar: Float64Array, xBar: Float64Array): void
  /** yDot = J xDot for the sorted values. */
  pushWires(xDot: Float64Array, yDot: Float64Array): void
  /** c becomes P^T c, in place. */
  combine(c: Float64Array): void
  /** Adds the gradient of u . (P^T c) to what `finish` will write, by way of the distances; c and u are used up. */
  pullCombined(c: Float64Array, u: Float64Array): void
  finish(xBar: Float64Array): void
  /** Forward mode of the distances along xDot, for `pushCombined` and logarithms. */
  prepareTangents(xDot: Float64Array): void
  /** cDot becomes the derivative of P^T c; c becomes P^T c. */
  pushCombined(c: Float64Array, cDot: Float64Array): void
  /** The same passes on logarithms; not for hard networks, whose shares are 0 or 1. */
  readonly logs: LogSwaps
}

/** The share of a wire that stays at every comparator, and the one that is exchanged. */
interface Shares {
  readonly stays: Float64Array
  readonly leaves: Float64Array
}

const createShares = (count: number): Shares => ({ stays: new Float64Array(count), leaves: new Float64Array(count) })

/** `leaves` of what is larger than it should be goes the other way. */
function setShares({ stays, leaves }: Shares, c: number, ordered: boolean, tail: number): void {
  stays[c] = ordered ? 1 - tail : tail
  leaves[c] = ordered ? tail : 1 - tail
}

interface SwapState extends Comparators {
  readonly swap: Swap
  readonly hard: boolean
  readonly wires: Float64Array
  /** Shares of the mixtures of permutations, and those of derivatives of values. */
  readonly alpha: Shares
  readonly kappa: Shares
  /** The distance of the wires of every comparator, the slope of its tail there, and gradient and derivative in the distance. */
  readonly apart: Float64Array
  readonly slope: Float64Array
  readonly apartBar: Float64Array
  readonly apartDot: Float64Array
  readonly work: Float64Array
  readonly differences: Float64Array
}

/** Mixes the wires of `of`: by kappa for derivatives of values, by alpha for permutations. Symmetric, so its own transpose. */
function mix({ first, second }: Comparators, of: Float64Array, { stays, leaves }: Shares, c: number): void {
  const [a, b] = [of[first[c]], of[second[c]]]
  of[first[c]] = stays[c] * a + leaves[c] * b
  of[second[c]] = leaves[c] * a + stays[c] * b
}

function compare({ first, second, wires, apart, slope, alpha, kappa, swap, hard }: SwapState, c: number): void {
  const [a, b] = [wires[first[c]], wires[second[c]]]
  apart[c] = b - a
  const size = Math.abs(apart[c])
  const { tail, slope: steep } = swap.at(size)
  const moved = hard ? 0 : tail * size
  slope[c] = steep
  setShares(alpha, c, b >= a, hard ? 0 : tail)
  // A tail times an infinite distance is no number; far apart the share that moves is what counts.
  setShares(kappa, c, b >= a, tail - steep * size)
  wires[first[c]] = Math.min(a, b) + moved
  wires[second[c]] = Math.max(a, b) - moved
}

function pullCombined(state: SwapState, c: Float64Array, u: Float64Array): void {
  const { first, second, alpha, slope, apartBar, differences } = state
  for (let at = 0; at < first.length; at++) {
    differences[at] = u[first[at]] - u[second[at]]
    mix(state, u, alpha, at)
  }
  for (let at = first.length - 1; at >= 0; at--) {
    apartBar[at] += slope[at] * (c[first[at]] - c[second[at]]) * differences[at]
    mix(state, c, alpha, at)
  }
}

function pushCombined(state: SwapState, c: Float64Array, cDot: Float64Array): void {
  const { first, second, alpha, slope, apartDot } = state
  for (let at = first.length - 1; at >= 0; at--) {
    const turned = slope[at] * apartDot[at] * (c[first[at]] - c[second[at]])
    mix(state, cDot, alpha, at)
    cDot[first[at]] += turned
    cDot[second[at]] -= turned
    mix(state, c, alpha, at)
  }
}

function finish(state: SwapState, xBar: Float64Array): void {
  const { first, second, kappa, apartBar } = state
  xBar.fill(0)
  for (let c = first.length - 1; c >= 0; c--) {
    mix(state, xBar, kappa, c)
    xBar[second[c]] += apartBar[c]
    xBar[first[c]] -= apartBar[c]
  }
  apartBar.fill(0)
}

function prepareTangents(state: SwapState, xDot: Float64Array): void {
  const { first, second, kappa, apartDot, work } = state
  work.set(xDot)
  for (let c = 0; c < first.length; c++) {
    apartDot[c] = work[second[c]] - work[first[c]]
    mix(state, work, kappa, c)
  }
}

/** `hard`: values and mixtures are those of the hard network, derivatives those of the soft one (error-free swaps). */
export function createSwaps({ first, second }: Comparators, n: number, swap: Swap, hard: boolean): Swaps {
  const count = first.length
  const each = () => new Float64Array(count)
  const state: SwapState = {
    ...{ first, second, swap, hard, wires: new Float64Array(n), work: new Float64Array(n) },
    ...{ alpha: createShares(count), kappa: createShares(count) },
    ...{ apart: each(), slope: each(), apartBar: each(), apartDot: each(), differences: each() },
  }
  const { wires, alpha, kappa } = state
  return {
    wires,
    logs: createLogSwaps({ first, second }, swap, state),
    run(x) {
      wires.set(x)
      for (let c = 0; c < count; c++) compare(state, c)
    },
    pullWires(yBar, xBar) {
      xBar.set(yBar)
      for (let c = count - 1; c >= 0; c--) mix(state, xBar, kappa, c)
    },
    pushWires(xDot, yDot) {
      yDot.set(xDot)
      for (let c = 0; c < count; c++) mix(state, yDot, kappa, c)
    },
    combine(c) {
      for (let at = count - 1; at >= 0; at--) mix(state, c, alpha, at)
    },
    pullCombined: (c, u) => pullCombined(state, c, u),
    finish: (xBar) => finish(state, xBar),
    prepareTangents: (xDot) => prepareTangents(state, xDot),
    pushCombined: (c, cDot) => pushCombined(state, c, cDot),
  }
}
