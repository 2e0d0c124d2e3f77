/**
 * Soft sort and soft rank by projection on the permutahedron, O(n log n).
 *
 *   sort  s(x) = P(rho / eps, x)     rank  r(x) = P(-x / eps, rho)     rho = (n, ..., 1)     (descending)
 *   P_l2(z, w) = argmin over mu in perm(w) of |mu - z|^2 / 2
 *   P_kl(z, w) = log argmin over mu in perm(e^w) of KL(mu, e^z); kl ranks are exp P_kl(-x / eps, log rho)
 *
 * Blondel, Teboul, Berthet, Djolonga, "Fast Differentiable Sorting and Ranking", ICML 2020.
 * Ascending: sort(x) = -sort_descending(-x), rank(x) = rank_descending(-x).
 *
 * Both operators are P(a / eps, b) with a and b sorted descending; in rank a holds the values and b the ranks, in
 * sort a holds the ranks and b the values. Written per block B of the PAV solution, not as z - v(z): the
 * latter subtracts two numbers of size |x| / eps and loses every digit of a rank at small eps. Item weights: weighted.ts.
 */

import type { Params } from '../../core/params.ts'
import { areOnes } from '../kit/are-ones.ts'
import type { Row, RowPasses } from '../kit/row-plan.ts'
import { argsort, argsortWork } from '../numerics/argsort.ts'
import { type Blocks, emptyBlocks, poolKl, poolL2 } from '../numerics/pool-adjacent-violators.ts'
import { weightedProjection } from './weighted.ts'

/** Everything a row owns. Both operators keep x sorted in one of a, b, signed so that it is descending. */
interface Sorted {
  readonly row: Row
  readonly eps: number
  /** +1 when the larger x comes first in `order`. */
  readonly sign: 1 | -1
  readonly order: Uint32Array
  readonly a: Float64Array
  readonly b: Float64Array
  readonly blocks: Blocks
}

const ramp = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => n - i)

function sorted(row: Row, { strength }: Params, sign: 1 | -1, a: Float64Array, b: Float64Array): Sorted {
  const n = row.x.length
  return { row, eps: strength as number, sign, order: new Uint32Array(n), a, b, blocks: emptyBlocks(n) }
}

/** Sorts x, signed, into `target`. */
function createSort({ row, order, sign }: Sorted, target: Float64Array): () => void {
  const work = argsortWork(row.x.length)
  return () => {
    argsort(row.x, order, sign > 0, work)
    for (let i = 0; i < order.length; i++) target[i] = sign * row.x[order[i]]
  }
}

/** Entry i of block k of the Euclidean projection: mean(b_B) + (a_i - mean(a_B)) / eps, 0 / 0 being 0. */
function projectedL2({ a, b, eps, blocks }: Sorted, k: number, i: number): number {
  const start = blocks.starts[k]
  const mean = b[start] + blocks.b[k]
  return eps === 0 ? mean : mean + (a[i] - a[start] - blocks.a[k]) / eps
}

function sumOver(u: Float64Array, start: number, end: number): number {
  let sum = 0
  for (let i = start; i < end; i++) sum += u[i]
  return sum
}

function sumOverOrder(u: Float64Array, order: Uint32Array, start: number, end: number): number {
  let sum = 0
  for (let i = start; i < end; i++) sum += u[order[i]]
  return sum
}

/** r_i = mean of the ranks of B + (a_i - mean(a_B)) / eps; its VJP in a: (u_i - mean_B(u)) / eps. */
function rankL2(state: Sorted): RowPasses {
  const { row, eps, sign, order, blocks } = state
  const sort = createSort(state, state.a)
  /** The Jacobian, which is symmetric, times u. */
  const turn = (u: Float64Array, out: Float64Array): void => {
    if (eps === 0) return void out.fill(0)
    for (let k = 0; k < blocks.count; k++) {
      const [start, end] = [blocks.starts[k], blocks.starts[k + 1]]
      const mean = sumOverOrder(u, order, start, end) / (end - start)
      for (let i = start; i < end; i++) out[order[i]] = (sign * (u[order[i]] - mean)) / eps
    }
  }
  return {
    forward() {
      sort()
      poolL2(state.a, state.b, eps, blocks)
      for (let k = 0; k < blocks.count; k++) {
        for (let i = blocks.starts[k]; i < blocks.starts[k + 1]; i++) row.y[order[i]] = projectedL2(state, k, i)
      }
    },
    backward: () => turn(row.yBar, row.xBar),
    push: turn,
    /** The gradient is constant while the blocks are. */
    bend: (_, xBarDot) => void xBarDot.fill(0),
  }
}

/** r_i = W_B p_i, p = softmax(a_B / eps), W_B = sum of the ranks of B; its VJP in a: r_i (u_i - p.u) / eps. */
function rankKl(state: Sorted): RowPasses {
  const { row, a, b, eps, sign, order, blocks } = state
  const sort = createSort(state, a)
  const logRanks = b.map(Math.log)
  const sumOfRanks = (start: number, end: number): number => ((end - start) * (b[start] + b[end - 1])) / 2
  /** The Jacobian, r_i (u_i - p.u) / eps, which is symmetric as well, times u. */
  const turn = (u: Float64Array, out: Float64Array): void => {
    for (let k = 0; k < blocks.count; k++) {
      const [start, end] = [blocks.starts[k], blocks.starts[k + 1]]
      const sum = sumOfRanks(start, end)
      let mean = 0
      for (let i = start; i < end; i++) mean += (row.y[order[i]] / sum) * u[order[i]]
      for (let i = start; i < end; i++) {
        const j = order[i]
        out[j] = (sign * row.y[j] * (u[j] - mean)) / eps
      }
    }
  }
  return {
    forward() {
      sort()
      poolKl(a, logRanks, eps, blocks)
      for (let k = 0; k < blocks.count; k++) {
        const start = blocks.starts[k]
        const end = blocks.starts[k + 1]
        const sum = sumOfRanks(start, end)
        for (let i = start; i < end; i++) {
          row.y[order[i]] = (sum * Math.exp((a[i] - a[start]) / eps)) / blocks.a[k]
        }
      }
    },
    backward: () => turn(row.yBar, row.xBar),
    push: turn,
    /** xBar_i = r_i (u_i - p.u) / eps, in which r and p = r / W_B move by `push`. */
    bend(xDot, xBarDot) {
      for (let k = 0; k < blocks.count; k++) {
        const [start, end] = [blocks.starts[k], blocks.starts[k + 1]]
        const sum = sumOfRanks(start, end)
        let [mean, moved, meanMoved] = [0, 0, 0]
        for (let i = start; i < end; i++) {
          const p = row.y[order[i]] / sum
          mean += p * row.yBar[order[i]]
          moved += p * xDot[order[i]]
        }
        for (let i = start; i < end; i++) {
          const j = order[i]
          meanMoved += (row.y[j] / sum) * (xDot[j] - moved) * (row.yBar[j] - mean)
        }
        for (let i = start; i < end; i++) {
          const j = order[i]
          xBarDot[j] = (row.y[j] * ((xDot[j] - moved) * (row.yBar[j] - mean) - meanMoved)) / (eps * eps)
        }
      }
    },
  }
}

/** s_i = mean of the values of B + (a_i - mean(a_B)) / eps; its VJP in b: mean_B(u). The signs of x and s cancel. */
function sortL2(state: Sorted): RowPasses {
  const { row, eps, sign, order, blocks } = state
  const sort = createSort(state, state.b)
  return {
    forward() {
      sort()
      poolL2(state.a, state.b, eps, blocks)
      for (let k = 0; k < blocks.count; k++) {
        for (let i = blocks.starts[k]; i < blocks.starts[k + 1]; i++) row.y[i] = sign * projectedL2(state, k, i)
      }
    },
    backward() {
      for (let k = 0; k < blocks.count; k++) {
        const start = blocks.starts[k]
        const end = blocks.starts[k + 1]
        const mean = sumOver(row.yBar, start, end) / (end - start)
        for (let i = start; i < end; i++) row.xBar[order[i]] = mean
      }
    },
    /** s_i moves with the mean of the values of its block. */
    push(xDot, yDot) {
      for (let k = 0; k < blocks.count; k++) {
        const start = blocks.starts[k]
        const end = blocks.starts[k + 1]
        yDot.fill(sumOverOrder(xDot, order, start, end) / (end - start), start, end)
      }
    },
    /** The gradient is constant while the blocks are. */
    bend: (_, xBarDot) => void xBarDot.fill(0),
  }
}

/** s_i = a_i / eps - LSE(a_B / eps) + LSE(b_B); its VJP in b: softmax(b_B) times the sum of u over B. */
function sortKl(state: Sorted): RowPasses {
  const { row, a, b, eps, sign, order, blocks } = state
  const sort = createSort(state, b)
  return {
    forward() {
      sort()
      poolKl(a, b, eps, blocks)
      for (let k = 0; k < blocks.count; k++) {
        const start = blocks.starts[k]
        for (let i = start; i < blocks.starts[k + 1]; i++) {
          row.y[i] = sign * (b[start] + ((a[i] - a[start]) / eps - blocks.logRatio[k]))
        }
      }
    },
    backward() {
      for (let k = 0; k < blocks.count; k++) {
        const start = blocks.starts[k]
        const end = blocks.starts[k + 1]
        const share = sumOver(row.yBar, start, end) / blocks.b[k]
        for (let i = start; i < end; i++) row.xBar[order[i]] = share * Math.exp(b[i] - b[start])
      }
    },
    /** s_i moves with the mean of the values of its block under softmax(b_B). */
    push(xDot, yDot) {
      for (let k = 0; k < blocks.count; k++) {
        const start = blocks.starts[k]
        const end = blocks.starts[k + 1]
        let mean = 0
        for (let i = start; i < end; i++) mean += (Math.exp(b[i] - b[start]) / blocks.b[k]) * xDot[order[i]]
        yDot.fill(mean, start, end)
      }
    },
    /** xBar = softmax(b_B) times the sum of u: a softmax moves by p_i (bDot_i - p.bDot). */
    bend(xDot, xBarDot) {
      for (let k = 0; k < blocks.count; k++) {
        const [start, end] = [blocks.starts[k], blocks.starts[k + 1]]
        const share = sumOver(row.yBar, start, end) / blocks.b[k]
        let moved = 0
        for (let i = start; i < end; i++) moved += (Math.exp(b[i] - b[start]) / blocks.b[k]) * xDot[order[i]]
        for (let i = start; i < end; i++) {
          xBarDot[order[i]] = share * Math.exp(b[i] - b[start]) * sign * (xDot[order[i]] - moved)
        }
      }
    },
  }
}

/** At strength 0 both regularisations are the hard operator, which the Euclidean form computes without dividing. */
const entropic = (params: Params): boolean => params.regularization === 'kl' && params.strength !== 0

/** The plain projection where all weights are 1, which is what it is then, else the one with weights. */
function asWeighted(row: Row, plain: RowPasses, weighted: RowPasses): RowPasses {
  let chosen = plain
  return {
    forward() {
      chosen = areOnes(row.weights) ? plain : weighted
      chosen.forward()
    },
    backward: () => chosen.backward(),
    push: (xDot, yDot) => chosen.push!(xDot, yDot),
    bend: (xDot, xBarDot) => chosen.bend!(xDot, xBarDot),
  }
}

export function rankRow(row: Row, params: Params): RowPasses {
  const n = row.x.length
  const sign = params.direction === 'ascending' ? 1 : -1
  const state = sorted(row, params, sign, new Float64Array(n), ramp(n))
  const own = { operator: 'rank', entropic: entropic(params), eps: state.eps, sign } as const
  return asWeighted(row, entropic(params) ? rankKl(state) : rankL2(state), weightedProjection(row, own))
}

export function sortRow(row: Row, params: Params): RowPasses {
  const n = row.x.length
  const sign = params.direction === 'ascending' ? -1 : 1
  const state = sorted(row, params, sign, ramp(n), new Float64Array(n))
  const own = { operator: 'sort', entropic: entropic(params), eps: state.eps, sign } as const
  return asWeighted(row, entropic(params) ? sortKl(state) : sortL2(state), weightedProjection(row, own))
}
