/** What the solution of a transport problem is made of while it is looked for. */

import { type FarCuts, farCuts } from './far-cuts.ts'
import { type Laplacian, laplacian } from './laplacian.ts'

/** Masses p of rows and q of columns, logits Z, the dual v, and what they come to. Matrices are n * n, row-major. */
export interface TransportState {
  readonly n: number
  /** Rows and columns in the order in which entropy 0 would pair them. */
  readonly rowOrder: Uint32Array
  readonly columnOrder: Uint32Array
  readonly rowMass: Float64Array
  readonly columnMass: Float64Array
  /** Z. */
  readonly logits: Float64Array
  /** Q at `dual`. */
  readonly conditional: Float64Array
  readonly dual: Float64Array
  /** m at `dual`. */
  readonly found: Float64Array
  /** log of p_r over the sum of its row, so that log of p_r Q_rc is this + v_c + Z_rc. */
  readonly rowLog: Float64Array
  /** Scratch of n numbers each. */
  readonly held: Float64Array
  readonly step: Float64Array
  readonly sums: Float64Array
  readonly away: Float64Array
  readonly graph: Laplacian
  /** Sum of |m_c - q_c|. */
  residual: number
  /** `graph` is that of `conditional`. */
  factored: boolean
  /** Parts that hang together by less than rounding are solved as well: with flows, see `crossings`. */
  exact: boolean
  /** Some cut passes less than can be told from nothing. */
  isFar: boolean
  /** Cuts by their logarithms, made when they are first needed. */
  far: { readonly cuts: FarCuts; readonly logs: Float64Array } | undefined
}

export function createTransportState(n: number, rowOrder: Uint32Array, columnOrder: Uint32Array): TransportState {
  const line = () => new Float64Array(n)
  return {
    n,
    rowOrder,
    columnOrder,
    rowMass: line(),
    columnMass: line(),
    logits: new Float64Array(n * n),
    conditional: new Float64Array(n * n),
    dual: line(),
    found: line(),
    rowLog: line(),
    held: line(),
    step: line(),
    sums: line(),
    away: line(),
    graph: laplacian(n),
    residual: 0,
    factored: false,
    exact: false,
    isFar: false,
    far: undefined,
  }
}

/** Cuts by their logarithms. */
export function farOf(state: TransportState): NonNullable<TransportState['far']> {
  const { n } = state
  state.far ??= { cuts: farCuts(n), logs: new Float64Array(n * n) }
  return state.far
}
