/**
 * PiRank: 1 - DCG_k / maxDCG_k, or -DCG_k where it is not normalised, with gains g = w (2^y - 1) sorted by NeuralSort, DCG_k = sum over i <= k of (P g)_i D(i); maxDCG_k is
 * that of the weighted gains from the largest down, as Rax weighs NDCG.
 *
 * depth d > 1: the list is cut into blocks of b = ceil(n^(1/d)) items; the relaxed top k of every block, scores and gains,
 * go on to the next round, where b blocks are merged into one, until one is left. Swezey, Grover, Charron, Ermon,
 * "PiRank: Scalable Learning To Rank via Differentiable Sorting", NeurIPS 2021. The temperature is the same in all
 * rounds. Lists without a relevant item have loss 0 (the ratio of a list, not of a batch, is what is averaged).
 */

import type { Plan } from '../../../core/method.ts'
import type { Ref } from '../../../core/selector.ts'
import { ranksThatCount } from '../../kit/cutoff.ts'
import { gainScheme } from '../../kit/gain-params.ts'
import type { MakeLoss } from '../../kit/loss-plan.ts'
import { planMatrix, resolveMatrix } from '../../kit/nested-matrix.ts'
import { createRelativeGains, discounts } from '../../numerics/relative-gains.ts'

/** One relaxed sort of `size` entries of a round, which writes its first `kept` to the next. */
interface Block {
  readonly start: number
  readonly size: number
  readonly target: number
  readonly kept: number
  readonly permutation: Plan
}

/** Scores and gains that enter a round, and the gradients in them. */
interface Round {
  readonly scores: Float64Array
  readonly gains: Float64Array
  readonly scoresBar: Float64Array
  readonly gainsBar: Float64Array
  readonly blocks: readonly Block[]
}

/** Consecutive groups of up to `count`. */
function groups<T>(items: readonly T[], count: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / count) }, (_, i) => items.slice(i * count, (i + 1) * count))
}

/** The rounds of a list of n items; after the last one there are min(k, n) entries. */
function plan(n: number, k: number, depth: number, ref: Ref): Round[] {
  const branching = depth === 1 ? Math.max(1, n) : Math.max(2, Math.ceil(n ** (1 / depth)))
  const rounds: Round[] = []
  let lists: number[] = new Array(n).fill(1)
  while (lists.length > 1 || rounds.length === 0) {
    const entries = lists.reduce((a, b) => a + b, 0)
    let [start, target] = [0, 0]
    const blocks = groups(lists, branching).map((members): Block => {
      const size = members.reduce((a, b) => a + b, 0)
      const block = { start, size, target, kept: Math.min(k, size), permutation: planMatrix(ref, size) }
      start += size
      target += block.kept
      return block
    })
    const [scores, gains] = [new Float64Array(entries), new Float64Array(entries)]
    rounds.push({ scores, gains, scoresBar: new Float64Array(entries), gainsBar: new Float64Array(entries), blocks })
    lists = blocks.map(({ kept }) => kept)
    if (n === 0) break
  }
  return rounds
}

/** The first rows of P times scores and gains of a block. */
function runBlock(
  { start, size, target, kept, permutation }: Block,
  from: Round,
  scores: Float64Array,
  gains: Float64Array,
) {
  permutation.values.set(from.scores.subarray(start, start + size))
  permutation.forward()
  for (let i = 0; i < kept; i++) {
    let [score, gain] = [0, 0]
    for (let j = 0; j < size; j++) {
      const p = permutation.output[i * size + j]
      score += p * from.scores[start + j]
      gain += p * from.gains[start + j]
    }
    scores[target + i] = score
    gains[target + i] = gain
  }
}

/** Gradients of a block from those of what it wrote; `scores` is what it wrote. */
function pullBlock(
  { start, size, target, kept, permutation }: Block,
  from: Round,
  scores: Float64Array,
  scoresBar: Float64Array,
  gainsBar: Float64Array,
) {
  from.scoresBar.fill(0, start, start + size)
  from.gainsBar.fill(0, start, start + size)
  permutation.cotangent.fill(0)
  for (let i = 0; i < kept; i++) {
    const [scoreBar, gainBar] = [scoresBar[target + i], gainsBar[target + i]]
    for (let j = 0; j < size; j++) {
      const p = permutation.output[i * size + j]
      from.scoresBar[start + j] += p * scoreBar
      from.gainsBar[start + j] += p * gainBar
      // Rows of P sum to 1: the row's own score may be taken off, which keeps a common offset out of the products.
      permutation.cotangent[i * size + j] =
        scoreBar * (from.scores[start + j] - scores[target + i]) + gainBar * from.gains[start + j]
    }
  }
  permutation.backward()
  for (let j = 0; j < size; j++) from.scoresBar[start + j] += permutation.gradient[j]
}

export const pirankLoss: MakeLoss = ({ scores, labels, weights }, params) => {
  const n = scores.length
  const k = ranksThatCount(params.k as number, n)
  const relative = new Float64Array(n)
  const readGains = createRelativeGains(labels, relative, k, weights, gainScheme(params))
  const discount = discounts(n)
  const rounds = plan(n, k, params.depth as number, resolveMatrix(`neuralsort[tau=${params.tau}]`))
  const [top, topGains] = [new Float64Array(n), new Float64Array(n)]
  const [topBar, topGainsBar] = [new Float64Array(n), new Float64Array(n)]
  let relevant = false
  /** What round r writes to. */
  const after = (r: number) =>
    r + 1 < rounds.length ? rounds[r + 1] : { scores: top, gains: topGains, scoresBar: topBar, gainsBar: topGainsBar }
  return {
    value() {
      relevant = readGains()
      if (!relevant) return 0
      rounds[0].scores.set(scores)
      rounds[0].gains.set(relative)
      for (let r = 0; r < rounds.length; r++) {
        const next = after(r)
        for (const block of rounds[r].blocks) runBlock(block, rounds[r], next.scores, next.gains)
      }
      let ndcg = 0
      for (let i = 0; i < k; i++) ndcg += topGains[i] * discount[i]
      return (params.normalise ? 1 : 0) - ndcg
    },
    gradient(scale, out) {
      if (!relevant) return void out.fill(0)
      topBar.fill(0)
      for (let i = 0; i < k; i++) topGainsBar[i] = -scale * discount[i]
      for (let r = rounds.length - 1; r >= 0; r--) {
        const next = after(r)
        for (const block of rounds[r].blocks) {
          pullBlock(block, rounds[r], next.scores, next.scoresBar, next.gainsBar)
        }
      }
      out.set(rounds[0].scoresBar)
    },
  }
}
