/**
 * A relaxed sorting network on one row. With d = b - a and alpha = f(d), comparator (a, b) writes
 *
 *   min = alpha a + (1 - alpha) b      max = (1 - alpha) a + alpha b
 *
 * With kappa = alpha + f'(d) d both derivatives are read off one number: dmin = kappa da + (1 - kappa) db, and dmax the
 * other way round. The permutation P is the product of the 2 x 2 mixtures by alpha; it is never formed: P^T c is one
 * pass of c backwards through the network, P u one pass of u forwards.
 */

import type { Comparators } from './comparators.ts'
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
  /** Adds the gradient of u . (P^T c) to what `finish` will write; c and u are used up. */
  pullCombined(c: Float64Array, u: Float64Array): void
  finish(xBar: Float64Array): void
  /** Forward mode of alpha along xDot, for `pushCombined`. */
  prepareTangents(xDot: Float64Array): void
  /** cDot becomes the derivative of P^T c; c becomes P^T c. */
  pushCombined(c: Float64Array, cDot: Float64Array): void
}

/** `hard`: values and mixtures are those of the hard network, derivatives those of the soft one (error-free swaps). */
export function createSwaps({ first, second }: Comparators, n: number, swap: Swap, hard: boolean): Swaps {
  const count = first.length
  const wires = new Float64Array(n)
  const [alpha, kappa, slope] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)]
  const [alphaBar, alphaDot] = [new Float64Array(count), new Float64Array(count)]
  const [work, differences] = [new Float64Array(n), new Float64Array(count)]

  /** Mixes the wires of `of` by `by`: kappa for derivatives of values, alpha for permutations. Symmetric, so its own transpose. */
  const mix = (of: Float64Array, by: Float64Array, c: number) => {
    const [a, b, k] = [of[first[c]], of[second[c]], by[c]]
    of[first[c]] = k * a + (1 - k) * b
    of[second[c]] = (1 - k) * a + k * b
  }

  const compare = (c: number) => {
    const [a, b] = [wires[first[c]], wires[second[c]]]
    const size = Math.abs(b - a)
    const { tail, slope: steep } = swap(size)
    const moved = hard ? 0 : tail * size
    // A tail times an infinite distance is no number: what is moved is bounded by the share that moves.
    const bounded = tail - steep * size
    kappa[c] = b >= a ? 1 - bounded : bounded
    slope[c] = steep
    alpha[c] = hard ? (b >= a ? 1 : 0) : b >= a ? 1 - tail : tail
    wires[first[c]] = Math.min(a, b) + moved
    wires[second[c]] = Math.max(a, b) - moved
  }

  return {
    wires,
    run(x) {
      wires.set(x)
      for (let c = 0; c < count; c++) compare(c)
    },
    pullWires(yBar, xBar) {
      xBar.set(yBar)
      for (let c = count - 1; c >= 0; c--) mix(xBar, kappa, c)
    },
    pushWires(xDot, yDot) {
      yDot.set(xDot)
      for (let c = 0; c < count; c++) mix(yDot, kappa, c)
    },
    combine(c) {
      for (let at = count - 1; at >= 0; at--) mix(c, alpha, at)
    },
    pullCombined(c, u) {
      for (let at = 0; at < count; at++) {
        differences[at] = u[first[at]] - u[second[at]]
        mix(u, alpha, at)
      }
      for (let at = count - 1; at >= 0; at--) {
        alphaBar[at] += (c[first[at]] - c[second[at]]) * differences[at]
        mix(c, alpha, at)
      }
    },
    finish(xBar) {
      xBar.fill(0)
      for (let c = count - 1; c >= 0; c--) {
        mix(xBar, kappa, c)
        const pulled = alphaBar[c] * slope[c]
        xBar[second[c]] += pulled
        xBar[first[c]] -= pulled
      }
      alphaBar.fill(0)
    },
    prepareTangents(xDot) {
      work.set(xDot)
      for (let c = 0; c < count; c++) {
        alphaDot[c] = slope[c] * (work[second[c]] - work[first[c]])
        mix(work, kappa, c)
      }
    },
    pushCombined(c, cDot) {
      for (let at = count - 1; at >= 0; at--) {
        const turned = alphaDot[at] * (c[first[at]] - c[second[at]])
        mix(cDot, alpha, at)
        cDot[first[at]] += turned
        cDot[second[at]] -= turned
        mix(c, alpha, at)
      }
    },
  }
}
