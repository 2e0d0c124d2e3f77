/**
 * Projections of items that have weights, as isotonic regression with weights. Items and positions are laid out on one line
 * (mass-line.ts), whose pieces p, of length l_p, have the two numbers s_p and w_p of the projection P(s, w):
 *
 *   l2   v = argmin over v_1 >= v_2 >= ... of sum of l_p (v_p - (s_p - w_p))^2 / 2
 *   kl   v = argmin over v_1 >= v_2 >= ... of sum of l_p (e^(s_p - v_p) + e^(w_p) v_p)
 *
 * and P = s - v. A rank is the mean of P (kl: of e^P) over the pieces of its item, a sorted value that over the pieces of its
 * position. With weights 1 pieces are items, and this is the projection of Blondel et al. (ICML 2020, propositions 3 and 4);
 * weights are those of weighted isotonic regression (Best, Chakravarti, "Active Set Algorithms for Isotonic Regression",
 * Mathematical Programming 1990), items and n equal positions share the line as masses do in optimal transport (Cuturi, Teboul,
 * Vert, NeurIPS 2019). So only ratios of weights count, an item of weight 2 counts as two that are tied, and one of weight 0 has a
 * rank, but no say in that of others, and no part in sorted values.
 */

import type { Row, RowPasses } from '../kit/row-plan.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'
import { emptyWeightedBlocks, poolWeightedKl, poolWeightedL2 } from '../numerics/pool-adjacent-violators.ts'
import { createMassLine } from './mass-line.ts'

interface WeightedProjection {
  readonly operator: 'sort' | 'rank'
  /** Never at strength 0. */
  readonly entropic: boolean
  readonly eps: number
  /** +1 where the larger value comes first. */
  readonly sign: 1 | -1
}

/** The pieces of a row: s eps and w of each, whose it is, and its part in what that is averaged to. */
function createPieces({ x, weights }: Row, { operator, entropic, sign }: WeightedProjection) {
  const n = x.length
  const ranks = operator === 'rank'
  const line = createMassLine(n, ranks)
  const most = line.length.length
  const [order, work] = [new Uint32Array(n), argsortWork(n)]
  const [a, b, part, owned] = [most, most, most, n].map((length) => new Float64Array(length))
  const [item, owner] = [new Uint32Array(most), new Uint32Array(most)]
  function layOut(): void {
    argsort(x, order, sign > 0, work)
    line.lay(weights, order)
    owned.fill(0)
    for (let p = 0; p < line.count; p++) {
      const [value, ramp] = [sign * x[order[line.place[p]]], n - line.position[p]]
      a[p] = ranks ? value : ramp
      b[p] = ranks ? (entropic ? Math.log(ramp) : ramp) : value
      item[p] = order[line.place[p]]
      owner[p] = ranks ? item[p] : line.position[p]
      owned[owner[p]] += line.length[p]
    }
    for (let p = 0; p < line.count; p++) part[p] = line.length[p] / owned[owner[p]]
  }
  return { line, most, a, b, item, owner, part, layOut }
}

/** The projection at every piece, with what it is multiplied by on its way from the values, and its share in the mean of its block. */
function createProjection(row: Row, own: WeightedProjection) {
  const { entropic, eps } = own
  const ranks = own.operator === 'rank'
  const pieces = createPieces(row, own)
  const { line, most, a, b } = pieces
  const blocks = emptyWeightedBlocks(most)
  const [projected, share, gain] = Array.from({ length: 3 }, () => new Float64Array(most))
  const inverse = eps === 0 ? 0 : 1 / eps

  function euclidean(k: number, p: number): void {
    const start = blocks.starts[k]
    projected[p] = b[start] + blocks.b[k] + (a[p] - a[start] - blocks.a[k]) * inverse
    share[p] = line.length[p] / blocks.weight[k]
    gain[p] = ranks ? inverse : 1
  }
  function entropicRank(k: number, p: number): void {
    const start = blocks.starts[k]
    const softmax = Math.exp((a[p] - a[start]) / eps) / blocks.a[k]
    projected[p] = Math.exp(b[start]) * blocks.b[k] * softmax
    share[p] = line.length[p] * softmax
    gain[p] = projected[p] / eps
  }
  function entropicSort(k: number, p: number): void {
    const start = blocks.starts[k]
    projected[p] = b[start] + ((a[p] - a[start]) / eps - blocks.logRatio[k])
    share[p] = (line.length[p] * Math.exp(b[p] - b[start])) / blocks.b[k]
    gain[p] = 1
  }
  const project = !entropic ? euclidean : ranks ? entropicRank : entropicSort

  function run(): void {
    pieces.layOut()
    const pool = entropic ? poolWeightedKl : poolWeightedL2
    pool(a, b, line.length, line.count, eps, blocks)
    for (let k = 0; k < blocks.count; k++) {
      for (let p = blocks.starts[k]; p < blocks.starts[k + 1]; p++) project(k, p)
    }
  }
  return { ...pieces, blocks, projected, share, gain, run }
}

type Projection = ReturnType<typeof createProjection>

/** The mean of a direction over block k. */
function meanOf({ blocks: { starts }, share, item }: Projection, k: number, direction: Float64Array): number {
  let mean = 0
  for (let p = starts[k]; p < starts[k + 1]; p++) mean += share[p] * direction[item[p]]
  return mean
}

/** What is upstream of block k as a whole. */
function pulledBy({ blocks: { starts }, part, gain, owner }: Projection, k: number, u: Float64Array): number {
  let pulled = 0
  for (let p = starts[k]; p < starts[k + 1]; p++) pulled += part[p] * gain[p] * u[owner[p]]
  return pulled
}

/** Shares and entropic ranks move as a softmax does. Euclidean gradients are constant while the blocks are. */
function bend(projection: Projection, { yBar }: Row, { operator, eps, sign }: WeightedProjection) {
  const { blocks, share, part, gain, item, owner } = projection
  const ranks = operator === 'rank'
  const rate = ranks ? sign / eps : sign
  return (xDot: Float64Array, xBarDot: Float64Array) => {
    xBarDot.fill(0)
    for (let k = 0; k < blocks.count; k++) {
      const [from, to] = [blocks.starts[k], blocks.starts[k + 1]]
      const [mean, pulled] = [meanOf(projection, k, xDot), pulledBy(projection, k, yBar)]
      const moved = (p: number) => rate * (xDot[item[p]] - mean)
      const own = (p: number) => (ranks ? part[p] * gain[p] * yBar[owner[p]] * moved(p) : 0)
      let pulledMoved = 0
      for (let p = from; p < to; p++) pulledMoved += own(p)
      for (let p = from; p < to; p++) {
        const together = share[p] * (moved(p) * pulled + pulledMoved)
        xBarDot[item[p]] += ranks ? sign * (own(p) - together) : together
      }
    }
  }
}

/** Ranks move with their item less the mean of the block, sorted values with the mean. */
export function weightedProjection(row: Row, own: WeightedProjection): RowPasses {
  const { sign, entropic } = own
  const ranks = own.operator === 'rank'
  const projection = createProjection(row, own)
  const { blocks, projected, share, part, gain, item, owner } = projection
  return {
    forward() {
      projection.run()
      row.y.fill(0)
      for (let p = 0; p < projection.line.count; p++) row.y[owner[p]] += part[p] * (ranks ? 1 : sign) * projected[p]
    },
    backward() {
      row.xBar.fill(0)
      for (let k = 0; k < blocks.count; k++) {
        const pulled = pulledBy(projection, k, row.yBar)
        for (let p = blocks.starts[k]; p < blocks.starts[k + 1]; p++) {
          const own = ranks ? part[p] * gain[p] * row.yBar[owner[p]] : 0
          row.xBar[item[p]] += ranks ? sign * (own - share[p] * pulled) : share[p] * pulled
        }
      }
    },
    push(xDot, yDot) {
      yDot.fill(0)
      for (let k = 0; k < blocks.count; k++) {
        const mean = meanOf(projection, k, xDot)
        for (let p = blocks.starts[k]; p < blocks.starts[k + 1]; p++) {
          yDot[owner[p]] += part[p] * gain[p] * (ranks ? sign * (xDot[item[p]] - mean) : mean)
        }
      }
    },
    bend: entropic ? bend(projection, row, own) : (_, xBarDot) => void xBarDot.fill(0),
  }
}
