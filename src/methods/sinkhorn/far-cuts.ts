/**
 * The Laplacian of a transport by its cuts (laplacian.ts, `solveCuts`) where flows are less than any number: their logarithms
 * are kept, and everything that belongs to cut k is told in units of e^size_k, what passes it altogether.
 */

import { logAddExp } from '../numerics/logistic.ts'

export interface FarCuts {
  /** Reads log Q, n * n, whose rows and columns in the hard order those of `rows` and `columns` are. */
  read(logs: Float64Array, rows: Uint32Array, columns: Uint32Array): void
  /** What passes cut k, one way less the other, relative to both together. */
  readonly excess: Float64Array
  factor(): void
  /** From flows in units of their cuts to differences v_k - v_(k+1), in place. */
  solveScaled(flows: Float64Array): void
  /** From flows to differences in units of one over their cuts, in place. */
  solve(flows: Float64Array): void
  /** Q_at (v_l - v_own) for columns l of the row whose own column is `own`, from such differences. */
  moved(own: number, differences: Float64Array, out: Float64Array): void
}

export function farCuts(n: number): FarCuts {
  const coupling = new Float64Array(n * n)
  /** Q by rows and columns in the hard order. */
  const ordered = new Float64Array(n * n)
  const [size, excess, pivot, back] = Array.from({ length: 4 }, () => new Float64Array(n))
  /** What of node k passes cut j as well: as it is, and told from cut k to cut j. */
  const [beyond, scaled] = [new Float64Array(n * n), new Float64Array(n * n)]

  function readCuts(): void {
    const forth = size
    forth.fill(Number.NEGATIVE_INFINITY)
    back.fill(Number.NEGATIVE_INFINITY)
    for (let i = 0; i < n; i++) {
      for (let k = 0, sum = Number.NEGATIVE_INFINITY; k < i; k++) {
        sum = logAddExp(sum, ordered[i * n + k])
        forth[k] = logAddExp(forth[k], sum)
      }
      for (let k = n - 2, sum = Number.NEGATIVE_INFINITY; k >= i; k--) {
        sum = logAddExp(sum, ordered[i * n + k + 1])
        back[k] = logAddExp(back[k], sum)
      }
    }
    for (let k = 0; k < n - 1; k++) {
      const total = logAddExp(forth[k], back[k])
      excess[k] = Math.exp(forth[k] - total) - Math.exp(back[k] - total)
      size[k] = total
    }
  }

  /** log of sum over r of Q_rc Q_rd / n, c before d. */
  function readCoupling(): void {
    coupling.fill(Number.NEGATIVE_INFINITY)
    for (let r = 0; r < n; r++) {
      for (let c = 0; c < n; c++) {
        const weight = ordered[r * n + c] - Math.log(n)
        for (let d = c + 1; d < n; d++) {
          coupling[c * n + d] = logAddExp(coupling[c * n + d], weight + ordered[r * n + d])
        }
      }
    }
  }

  /** Row k of `coupling` becomes its share of the pivot. */
  function eliminate(k: number): void {
    const row = k * n
    let sum = Number.NEGATIVE_INFINITY
    for (let d = k + 1; d < n; d++) sum = logAddExp(sum, coupling[row + d])
    for (let c = k + 1; c < n; c++) {
      const share = coupling[row + c] - sum
      for (let d = c + 1; d < n; d++) coupling[c * n + d] = logAddExp(coupling[c * n + d], share + coupling[row + d])
      coupling[row + c] = share
    }
    pivot[k] = Math.exp(sum - size[k])
  }

  const differ = (flows: Float64Array, k: number, tails: Float64Array): void => {
    let difference = flows[k] / pivot[k]
    for (let j = k + 1; j < n - 1; j++) difference -= tails[k * n + j] * flows[j]
    flows[k] = difference
  }
  const collect = (flows: Float64Array, k: number, tails: Float64Array): void => {
    for (let j = k + 1; j < n - 1; j++) flows[j] -= tails[k * n + j] * flows[k]
  }

  return {
    excess,
    read(logs, rows, columns) {
      for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) ordered[i * n + k] = logs[rows[i] * n + columns[k]]
      readCuts()
    },
    factor() {
      readCoupling()
      for (let k = 0; k < n - 1; k++) {
        eliminate(k)
        for (let j = n - 2, tail = Number.NEGATIVE_INFINITY; j > k; j--) {
          tail = logAddExp(tail, coupling[k * n + j + 1])
          beyond[k * n + j] = Math.exp(tail)
          scaled[k * n + j] = Math.exp(tail + size[k] - size[j])
        }
      }
    },
    solveScaled(flows) {
      for (let k = 0; k < n - 1; k++) collect(flows, k, scaled)
      for (let k = n - 2; k >= 0; k--) differ(flows, k, beyond)
    },
    solve(flows) {
      for (let k = 0; k < n - 1; k++) collect(flows, k, beyond)
      for (let k = n - 2; k >= 0; k--) differ(flows, k, scaled)
    },
    moved(own, differences, out) {
      out[own] = 0
      const walk = (from: number, to: number, way: 1 | -1): void => {
        // The sum so far is sum * e^unit.
        let [sum, unit] = [0, Number.NEGATIVE_INFINITY]
        for (let l = from; l !== to; l += way) {
          const cut = way === 1 ? l - 1 : l
          const next = Math.max(unit, -size[cut])
          sum = sum * Math.exp(unit - next) - way * differences[cut] * Math.exp(-size[cut] - next)
          unit = next
          out[l] = sum * Math.exp(unit + ordered[own * n + l])
        }
      }
      walk(own + 1, n, 1)
      walk(own - 1, -1, -1)
    },
  }
}
