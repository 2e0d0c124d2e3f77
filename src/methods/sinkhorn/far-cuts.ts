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

interface CutState {
  readonly n: number
  /** log of the sum over r of Q_rc Q_rd / n of columns c before d; later their shares of the pivots. */
  readonly coupling: Float64Array
  /** log Q by rows and columns in the hard order. */
  readonly ordered: Float64Array
  /** Logarithm of what passes each cut. */
  readonly size: Float64Array
  readonly excess: Float64Array
  readonly pivot: Float64Array
  readonly back: Float64Array
  /** What of node k passes cut j as well: as it is, and told from cut k to cut j. */
  readonly beyond: Float64Array
  readonly scaled: Float64Array
}

function readCuts({ n, ordered, size, back, excess }: CutState): void {
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

function readCoupling({ n, coupling, ordered }: CutState): void {
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
function eliminate({ n, coupling, pivot, size }: CutState, k: number): void {
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

function factorCuts(state: CutState): void {
  const { n, coupling, beyond, scaled, size } = state
  readCoupling(state)
  for (let k = 0; k < n - 1; k++) {
    eliminate(state, k)
    for (let j = n - 2, tail = Number.NEGATIVE_INFINITY; j > k; j--) {
      tail = logAddExp(tail, coupling[k * n + j + 1])
      beyond[k * n + j] = Math.exp(tail)
      scaled[k * n + j] = Math.exp(tail + size[k] - size[j])
    }
  }
}

/** Forward with what passes `down`, back with what passes `up`. */
function substitute({ n, pivot }: CutState, flows: Float64Array, down: Float64Array, up: Float64Array): void {
  for (let k = 0; k < n - 1; k++) {
    for (let j = k + 1; j < n - 1; j++) flows[j] -= down[k * n + j] * flows[k]
  }
  for (let k = n - 2; k >= 0; k--) {
    let difference = flows[k] / pivot[k]
    for (let j = k + 1; j < n - 1; j++) difference -= up[k * n + j] * flows[j]
    flows[k] = difference
  }
}

/** From the own column of a row one way along the line. */
function walk(
  { n, size, ordered }: CutState,
  own: number,
  way: 1 | -1,
  differences: Float64Array,
  out: Float64Array,
): void {
  const end = way === 1 ? n : -1
  // The sum so far is sum * e^unit.
  let [sum, unit] = [0, Number.NEGATIVE_INFINITY]
  for (let l = own + way; l !== end; l += way) {
    const cut = way === 1 ? l - 1 : l
    const next = Math.max(unit, -size[cut])
    sum = sum * Math.exp(unit - next) - way * differences[cut] * Math.exp(-size[cut] - next)
    unit = next
    out[l] = sum * Math.exp(unit + ordered[own * n + l])
  }
}

export function farCuts(n: number): FarCuts {
  const [line, square] = [() => new Float64Array(n), () => new Float64Array(n * n)]
  const state: CutState = {
    n,
    coupling: square(),
    ordered: square(),
    size: line(),
    excess: line(),
    pivot: line(),
    back: line(),
    beyond: square(),
    scaled: square(),
  }
  const { ordered, beyond, scaled } = state
  return {
    excess: state.excess,
    read(logs, rows, columns) {
      for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) ordered[i * n + k] = logs[rows[i] * n + columns[k]]
      readCuts(state)
    },
    factor: () => factorCuts(state),
    solveScaled: (flows) => substitute(state, flows, scaled, beyond),
    solve: (flows) => substitute(state, flows, beyond, scaled),
    moved(own, differences, out) {
      out[own] = 0
      walk(state, own, 1, differences, out)
      walk(state, own, -1, differences, out)
    },
  }
}
