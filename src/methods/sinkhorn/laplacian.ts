/**
 * Solver of L v = r for the Laplacian of a weighted graph: L_cd = -S_cd off the diagonal, rows sum to 0, S >= 0.
 *
 * Elimination takes every pivot as the sum of what is left of its row, never as a difference (Grassmann, Taksar,
 * Heyman, "Regenerative analysis and steady state distributions for Markov chains", Operations Research 1985): each
 * number is a sum of products of non-negative numbers, accurate however weakly parts of the graph hang together.
 */

/** A node that hangs on the rest by less than this share of its mass is cut loose: rounding is all that passes there. */
const loose = 1e-15

export interface Laplacian {
  /** S, n * n, row-major; `factor` reads the upper triangle and overwrites it. */
  readonly coupling: Float64Array
  /** `mass` of a node is what its coupling is compared with; without it nothing is cut loose but what hangs on nothing. */
  factor(mass?: Float64Array): void
  /** Overwrites r, of sum 0, with a solution v; constants on separate parts of the graph are free. `terms`: how large what each r was summed from is. */
  solve(r: Float64Array): void
  /**
   * The same, by cuts: r is given as flows[k] = r_0 + ... + r_k, what must pass from the nodes after k to those up to it, and
   * v becomes v_k - v_(k+1), in place; the last entry is not read. Each is accurate relative to what passes its own cut,
   * where r and v would lose what weakly coupled parts exchange under the flows within them.
   */
  solveCuts(flows: Float64Array): void
}

export function laplacian(n: number): Laplacian {
  const coupling = new Float64Array(n * n)
  const [pivot, size] = [new Float64Array(n), new Float64Array(n)]
  return {
    coupling,
    /** Row k of `coupling` becomes S_kd / pivot_k, d > k. */
    factor(mass) {
      for (let k = 0; k < n; k++) {
        const row = k * n
        let sum = 0
        for (let d = k + 1; d < n; d++) sum += coupling[row + d]
        pivot[k] = sum > (mass ? loose * mass[k] : 0) ? sum : 0
        for (let c = k + 1; c < n; c++) {
          const share = pivot[k] === 0 ? 0 : coupling[row + c] / pivot[k]
          if (share !== 0) for (let d = c + 1; d < n; d++) coupling[c * n + d] += share * coupling[row + d]
          coupling[row + c] = share
        }
      }
    },
    solve(r) {
      for (let k = 0; k < n; k++) size[k] = Math.abs(r[k])
      for (let k = 0; k < n; k++) {
        // What a part of the graph is left with by rounding alone is nothing, or a weak coupling would make much of it.
        if (Math.abs(r[k]) <= 4 * n * Number.EPSILON * size[k]) r[k] = 0
        for (let d = k + 1; d < n; d++) {
          r[d] += coupling[k * n + d] * r[k]
          size[d] += coupling[k * n + d] * size[k]
        }
      }
      for (let k = n - 1; k >= 0; k--) {
        let v = pivot[k] === 0 ? 0 : r[k] / pivot[k]
        for (let d = k + 1; d < n; d++) v += coupling[k * n + d] * r[d]
        r[k] = v
      }
    },
    solveCuts(flows) {
      for (let k = 0; k < n - 1; k++) {
        for (let j = n - 2, beyond = 0; j > k; j--) {
          beyond += coupling[k * n + j + 1]
          flows[j] -= beyond * flows[k]
        }
      }
      for (let k = n - 2; k >= 0; k--) {
        let difference = pivot[k] === 0 ? 0 : flows[k] / pivot[k]
        for (let j = n - 2, beyond = 0; j > k; j--) {
          beyond += coupling[k * n + j + 1]
          difference -= beyond * flows[j]
        }
        flows[k] = difference
      }
    },
  }
}
