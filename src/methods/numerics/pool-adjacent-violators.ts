/**
 * Pool adjacent violators (PAV) for projections on the permutahedron: a linear scan that merges neighbouring
 * blocks while their values are out of order (Blondel et al., ICML 2020).
 *
 * Input: a and b, both sorted descending, and eps >= 0; the problem is P(z = a / eps, w = b) of the paper.
 * Output: the list of blocks. Backward passes read the same list: deriving blocks again from rounded values
 * merges or splits blocks that forward did not, and the gradient is then that of another function.
 *
 * Sums are kept relative to the first item of a block, so an offset common to all items costs no accuracy.
 */

export interface Blocks {
  /** Number of blocks. */
  count: number
  /** Block k owns positions starts[k] up to starts[k + 1]. */
  readonly starts: Uint32Array
  /** Mean of a_i - a_start over block k (l2), or sum of exp((a_i - a_start) / eps), in [1, n] (kl). */
  readonly a: Float64Array
  /** Mean of b_i - b_start over block k (l2), or sum of exp(b_i - b_start), in [1, n] (kl). */
  readonly b: Float64Array
  /** log(a[k] / b[k]) (kl). */
  readonly logRatio: Float64Array
}

/** Room for the blocks of a row of n items. */
export const emptyBlocks = (n: number): Blocks => ({
  count: 0,
  starts: new Uint32Array(n + 1),
  a: new Float64Array(n),
  b: new Float64Array(n),
  logRatio: new Float64Array(n),
})

/**
 * Euclidean projection: block value mean(a_B) / eps - mean(b_B), to be decreasing. Compared as
 * mean(a_B) - mean(a_C) <= eps (mean(b_B) - mean(b_C)) times both counts: nothing is divided, so that at eps = 0 exactly the
 * ties of a are pooled, and blocks of equal value are recognised wherever sums are exact.
 */
export function poolL2(a: Float64Array, b: Float64Array, eps: number, blocks: Blocks): void {
  const { starts, a: sumA, b: sumB } = blocks
  let last = -1
  for (let i = 0; i < a.length; i++) {
    last++
    starts[last] = i
    sumA[last] = 0
    sumB[last] = 0
    for (; last > 0; last--) {
      const p = starts[last - 1]
      const q = starts[last]
      const [before, after] = [q - p, i + 1 - q]
      const gapA = a[q] - a[p]
      const gapB = b[q] - b[p]
      const differenceA = sumA[last - 1] * after - sumA[last] * before - gapA * before * after
      const differenceB = sumB[last - 1] * after - sumB[last] * before - gapB * before * after
      if (differenceA > eps * differenceB) break
      sumA[last - 1] += sumA[last] + after * gapA
      sumB[last - 1] += sumB[last] + after * gapB
    }
  }
  blocks.count = last + 1
  starts[blocks.count] = a.length
  for (let k = 0; k < blocks.count; k++) {
    sumA[k] /= starts[k + 1] - starts[k]
    sumB[k] /= starts[k + 1] - starts[k]
  }
}

/** Block values so near each other are equal but for the rounding of their logarithms. */
const equal = 2 ** -40

/** Entropic projection: block value LSE(a_B / eps) - LSE(b_B), to be decreasing; equal ones are pooled. eps > 0. */
export function poolKl(a: Float64Array, b: Float64Array, eps: number, blocks: Blocks): void {
  const { starts, a: sumA, b: sumB, logRatio } = blocks
  let last = -1
  for (let i = 0; i < a.length; i++) {
    last++
    starts[last] = i
    sumA[last] = 1
    sumB[last] = 1
    logRatio[last] = 0
    for (; last > 0; last--) {
      const p = starts[last - 1]
      const q = starts[last]
      const gapA = (a[p] - a[q]) / eps
      const gapB = b[p] - b[q]
      if (gapA + logRatio[last - 1] > gapB + logRatio[last] + equal) break
      sumA[last - 1] += Math.exp(-gapA) * sumA[last]
      sumB[last - 1] += Math.exp(-gapB) * sumB[last]
      logRatio[last - 1] = Math.log(sumA[last - 1] / sumB[last - 1])
    }
  }
  blocks.count = last + 1
  starts[blocks.count] = a.length
}

/** Blocks of items that have weights; means and sums are weighted, so that those of kl are positive, and no more. */
interface WeightedBlocks extends Blocks {
  /** Sum of the weights of block k. */
  readonly weight: Float64Array
}

export const emptyWeightedBlocks = (n: number): WeightedBlocks => ({ ...emptyBlocks(n), weight: new Float64Array(n) })

/** `poolL2` of the first `count` items, item i with weight w_i > 0: block value sum w (a / eps - b) / sum w. */
export function poolWeightedL2(
  a: Float64Array,
  b: Float64Array,
  w: Float64Array,
  count: number,
  eps: number,
  blocks: WeightedBlocks,
): void {
  const { starts, a: sumA, b: sumB, weight } = blocks
  let last = -1
  for (let i = 0; i < count; i++) {
    last++
    starts[last] = i
    weight[last] = w[i]
    sumA[last] = 0
    sumB[last] = 0
    for (; last > 0; last--) {
      const [p, q] = [starts[last - 1], starts[last]]
      const [before, after] = [weight[last - 1], weight[last]]
      const [gapA, gapB] = [a[q] - a[p], b[q] - b[p]]
      const differenceA = sumA[last - 1] / before - sumA[last] / after - gapA
      const differenceB = sumB[last - 1] / before - sumB[last] / after - gapB
      if (differenceA > eps * differenceB) break
      sumA[last - 1] += sumA[last] + after * gapA
      sumB[last - 1] += sumB[last] + after * gapB
      weight[last - 1] += after
    }
  }
  blocks.count = last + 1
  starts[blocks.count] = count
  for (let k = 0; k < blocks.count; k++) {
    sumA[k] /= weight[k]
    sumB[k] /= weight[k]
  }
}

/** `poolKl` of the first `count` items, item i with weight w_i > 0: block value log sum w e^(a / eps) - log sum w e^b. */
export function poolWeightedKl(
  a: Float64Array,
  b: Float64Array,
  w: Float64Array,
  count: number,
  eps: number,
  blocks: WeightedBlocks,
): void {
  const { starts, a: sumA, b: sumB, logRatio, weight } = blocks
  let last = -1
  for (let i = 0; i < count; i++) {
    last++
    starts[last] = i
    weight[last] = w[i]
    sumA[last] = w[i]
    sumB[last] = w[i]
    logRatio[last] = 0
    for (; last > 0; last--) {
      const [p, q] = [starts[last - 1], starts[last]]
      const [gapA, gapB] = [(a[p] - a[q]) / eps, b[p] - b[q]]
      if (gapA + logRatio[last - 1] > gapB + logRatio[last] + equal) break
      sumA[last - 1] += Math.exp(-gapA) * sumA[last]
      sumB[last - 1] += Math.exp(-gapB) * sumB[last]
      logRatio[last - 1] = Math.log(sumA[last - 1] / sumB[last - 1])
      weight[last - 1] += weight[last]
    }
  }
  blocks.count = last + 1
  starts[blocks.count] = count
}
