/**
 * The transport of entropy 0: on the line, whatever convex function of the distance is paid, masses are matched in order.
 * Its dual is where the iteration starts, so that little entropy does not mean many iterations.
 */

/** Rows and columns from the smallest to the largest place on the line, their masses, and the logits, n * n. */
export interface Line {
  readonly rowOrder: Uint32Array
  readonly columnOrder: Uint32Array
  readonly rowMass: Float64Array
  readonly columnMass: Float64Array
  readonly logits: Float64Array
}

export interface HardTransport {
  /** Matches the masses; the others read it. */
  match(): void
  /** A solution of the dual; -Infinity for columns without mass. */
  writeDual(dual: Float64Array): void
  /** The plan over its row masses; a row without mass goes where it stands in the order. */
  writeConditional(conditional: Float64Array): void
}

/** Masses this small are what rounding leaves of others. */
const rounding = 1e-12

export function hardTransport(line: Line): HardTransport {
  const { rowOrder, columnOrder, rowMass, columnMass, logits } = line
  const n = rowOrder.length
  /** The pairs that share mass, in order. */
  const [rows, columns, masses] = [new Uint32Array(2 * n), new Uint32Array(2 * n), new Float64Array(2 * n)]
  let count = 0

  return {
    match() {
      count = 0
      for (let r = 0, c = 0, used = 0, filled = 0; r < n && c < n; ) {
        const rest = rowMass[rowOrder[r]] - used
        const room = columnMass[columnOrder[c]] - filled
        const mass = Math.max(0, Math.min(rest, room))
        rows[count] = rowOrder[r]
        columns[count] = columnOrder[c]
        masses[count] = mass
        if (columnMass[columnOrder[c]] > 0) count++
        // The last ones take what is left, rounding included.
        const rowDone = (rest <= room + rounding && r < n - 1) || c === n - 1
        const columnDone = (room <= rest + rounding && c < n - 1) || r === n - 1
        used = rowDone ? 0 : used + mass
        filled = columnDone ? 0 : filled + mass
        if (rowDone) r++
        if (columnDone) c++
      }
    },
    /** Of two columns that meet in a row, the row must be indifferent; where they meet between two rows, both on average. */
    writeDual(dual) {
      dual.fill(Number.NEGATIVE_INFINITY)
      if (count > 0) dual[columns[0]] = 0
      for (let e = 1; e < count; e++) {
        const [before, after] = [columns[e - 1], columns[e]]
        if (before === after) continue
        const [first, second] = [rows[e - 1] * n, rows[e] * n]
        const gain = (logits[first + before] - logits[first + after]) / 2
        dual[after] = dual[before] + gain + (logits[second + before] - logits[second + after]) / 2
      }
    },
    writeConditional(conditional) {
      conditional.fill(0)
      for (let e = 0; e < count; e++) {
        const mass = rowMass[rows[e]]
        conditional[rows[e] * n + columns[e]] = mass > 0 ? masses[e] / mass : 1
      }
    },
  }
}
