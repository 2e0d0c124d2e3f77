/**
 * Sinkhorn scaling of a positive square matrix P: columns and rows are divided by their sums in turn,
 *
 *   b <- 1 / (P^T a),   a <- 1 / (P b),   a = 1 at first,   scaled P = diag(a) P diag(b)
 *
 * until all sums are within a tolerance of 1, or as often as is allowed, with the derivative of the iterations that were made.
 */

interface ScalingOptions {
  readonly iterations: number
  readonly tolerance: number
}

/** Sums of columns that no row puts weight on; they stay 0 instead of becoming 0 / 0. */
const smallest = 1e-30

interface SinkhornScaling {
  /** The largest distance of a sum from 1 after the last run. */
  residual(): number
  /** Reads P and writes the scaled matrix. */
  run(P: ArrayLike<number>, scaled: Float64Array): void
  /** PBar from the gradient in the scaled matrix, at the P of the last run. */
  pull(P: ArrayLike<number>, scaledBar: Float64Array, PBar: { [index: number]: number }): void
}

interface ScalingState {
  readonly n: number
  /** Row t of a and b: the factors of rows and columns after t iterations. */
  readonly a: Float64Array
  readonly b: Float64Array
  /** Row t: the gradients in the sums of rows and of columns of iteration t. */
  readonly rowBar: Float64Array
  readonly columnBar: Float64Array
  /** Gradients in the factors of the iteration at hand, and sums of a row. */
  readonly aBar: Float64Array
  readonly bBar: Float64Array
  readonly sums: Float64Array
  /** Made by the last run. */
  iterations: number
  residual: number
}

type Matrix = ArrayLike<number>

function scaleColumns({ n, a, b }: ScalingState, P: Matrix, t: number): void {
  for (let j = 0; j < n; j++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += P[i * n + j] * a[(t - 1) * n + i]
    b[t * n + j] = 1 / Math.max(sum, smallest)
  }
}

function scaleRows({ n, a, b }: ScalingState, P: Matrix, t: number): void {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += P[i * n + j] * b[t * n + j]
    a[t * n + i] = 1 / Math.max(sum, smallest)
  }
}

/** Rows were just made to sum to 1: only columns can be off. */
function residualOf({ n, a, b }: ScalingState, P: Matrix, t: number): number {
  let most = 0
  for (let j = 0; j < n; j++) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += a[t * n + i] * P[i * n + j]
    most = Math.max(most, Math.abs(sum * b[t * n + j] - 1))
  }
  return most
}

function runScaling(state: ScalingState, P: Matrix, scaled: Float64Array, { iterations, tolerance }: ScalingOptions) {
  const { n, a, b } = state
  a.fill(1, 0, n)
  for (state.iterations = 0; state.iterations < iterations; ) {
    state.iterations++
    scaleColumns(state, P, state.iterations)
    scaleRows(state, P, state.iterations)
    state.residual = residualOf(state, P, state.iterations)
    if (state.residual <= tolerance) break
  }
  const at = state.iterations * n
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) scaled[i * n + j] = a[at + i] * P[i * n + j] * b[at + j]
  }
}

/** The gradients in the last factors, and what P has of them directly. */
function pullLast(state: ScalingState, P: Matrix, scaledBar: Float64Array, PBar: { [index: number]: number }): void {
  const { n, a, b, aBar, bBar } = state
  const last = state.iterations * n
  aBar.fill(0)
  bBar.fill(0)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [ai, bj, g] = [a[last + i], b[last + j], scaledBar[i * n + j]]
      PBar[i * n + j] = g * ai * bj
      aBar[i] += g * P[i * n + j] * bj
      bBar[j] += g * P[i * n + j] * ai
    }
  }
}

/** Back through iteration t, from the gradients in its factors to those in the ones before. */
function pullIteration({ n, a, b, rowBar, columnBar, aBar, bBar }: ScalingState, P: Matrix, t: number): void {
  // a = 1 / (P b)
  for (let i = 0; i < n; i++) {
    const u = -aBar[i] * a[t * n + i] ** 2
    rowBar[t * n + i] = u
    for (let j = 0, row = i * n; j < n; j++) bBar[j] += u * P[row + j]
  }
  // b = 1 / (P^T a before)
  for (let j = 0; j < n; j++) {
    columnBar[t * n + j] = b[t * n + j] < 1 / smallest ? -bBar[j] * b[t * n + j] ** 2 : 0
  }
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0, row = i * n; j < n; j++) sum += columnBar[t * n + j] * P[row + j]
    aBar[i] = sum
  }
  bBar.fill(0)
}

/** What P adds to every sum, one row at a time. */
function pullSums({ n, a, b, rowBar, columnBar, sums, iterations }: ScalingState, PBar: { [index: number]: number }) {
  for (let i = 0; i < n; i++) {
    sums.fill(0)
    for (let t = iterations; t > 0; t--) {
      const [u, before] = [rowBar[t * n + i], a[(t - 1) * n + i]]
      for (let j = 0, at = t * n; j < n; j++) sums[j] += u * b[at + j] + before * columnBar[at + j]
    }
    for (let j = 0; j < n; j++) PBar[i * n + j] += sums[j]
  }
}

export function createSinkhornScaling(n: number, options: ScalingOptions): SinkhornScaling {
  const [line, lines] = [() => new Float64Array(n), () => new Float64Array((options.iterations + 1) * n)]
  const state: ScalingState = {
    n,
    a: lines(),
    b: lines(),
    rowBar: lines(),
    columnBar: lines(),
    aBar: line(),
    bBar: line(),
    sums: line(),
    iterations: 0,
    residual: 0,
  }
  return {
    residual: () => state.residual,
    run: (P, scaled) => runScaling(state, P, scaled, options),
    pull(P, scaledBar, PBar) {
      pullLast(state, P, scaledBar, PBar)
      for (let t = state.iterations; t > 0; t--) pullIteration(state, P, t)
      pullSums(state, PBar)
    },
  }
}
