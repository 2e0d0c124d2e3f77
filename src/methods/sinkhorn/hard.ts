/**
 * The transport of entropy 0: on the line, for any convex cost of the distance, masses are matched in order. Its
 * dual makes every row indifferent between the columns it is matched with, and the logits less that dual,
 *
 *   Z_rc + v_c - (the same at the own column of row r) <= 0,
 *
 * are sums of terms of one sign, one for every column boundary on the way: as accurate as the gaps between places,
 * whatever the size of the places, where Z itself rounds them away. From them the iteration starts at dual 0, next to
 * the solution where there is little entropy.
 */

/** Rows and columns from the smallest to the largest place on the line, and their masses. */
export interface Line {
  readonly rowOrder: Uint32Array
  readonly columnOrder: Uint32Array
  readonly rowMass: Float64Array
  readonly columnMass: Float64Array
  /** (Z_ra - Z_rb) - (Z_oa - Z_ob) for rows r, o and columns b, a. */
  readonly difference: (row: number, other: number, before: number, after: number) => number
}

interface HardTransport {
  /** Matches the masses; the others read it. */
  match(): void
  /** Z + v as above, n * n; -Infinity in columns without mass. */
  writeLogits(logits: Float64Array): void
  /** The plan over its row masses; a row without mass goes where it stands in the order. */
  writeConditional(conditional: Float64Array): void
}

/** Masses this small are what rounding leaves of others. */
const rounding = 1e-12

/** The pairs that share mass, in order, and the last pair of every row. */
interface Pairs {
  readonly rows: Uint32Array
  readonly columns: Uint32Array
  readonly masses: Float64Array
  readonly pairOf: Uint32Array
  count: number
}

function matchMasses({ rowOrder, columnOrder, rowMass, columnMass }: Line, pairs: Pairs): void {
  const n = rowOrder.length
  const { rows, columns, masses, pairOf } = pairs
  let count = 0
  for (let r = 0, c = 0, used = 0, filled = 0; r < n && c < n; ) {
    const rest = rowMass[rowOrder[r]] - used
    const room = columnMass[columnOrder[c]] - filled
    const mass = Math.max(0, Math.min(rest, room))
    rows[count] = rowOrder[r]
    columns[count] = columnOrder[c]
    masses[count] = mass
    const real = columnMass[columnOrder[c]] > 0
    pairOf[rowOrder[r]] = real ? count : Math.max(0, count - 1)
    if (real) count++
    // The last ones take what is left, rounding included.
    const rowDone = (rest <= room + rounding && r < n - 1) || c === n - 1
    const columnDone = (room <= rest + rounding && c < n - 1) || r === n - 1
    used = rowDone ? 0 : used + mass
    filled = columnDone ? 0 : filled + mass
    if (rowDone) r++
    if (columnDone) c++
  }
  pairs.count = count
}

export function hardTransport(line: Line): HardTransport {
  const { rowMass, difference } = line
  const n = line.rowOrder.length
  const pairs: Pairs = {
    rows: new Uint32Array(2 * n),
    columns: new Uint32Array(2 * n),
    masses: new Float64Array(2 * n),
    pairOf: new Uint32Array(n),
    count: 0,
  }
  const { rows, columns, masses, pairOf } = pairs

  /** How much better row r likes the column of pair e than that of pair e - 1, the two rows there being indifferent. */
  const step = (r: number, e: number): number => {
    const before = columns[e - 1]
    const after = columns[e]
    if (before === after) return 0
    return (difference(r, rows[e - 1], before, after) + difference(r, rows[e], before, after)) / 2
  }

  return {
    match: () => matchMasses(line, pairs),
    writeLogits(logits) {
      logits.fill(Number.NEGATIVE_INFINITY)
      for (let r = 0; r < n; r++) {
        const own = pairOf[r]
        logits[r * n + columns[own]] = 0
        for (let e = own + 1, z = 0; e < pairs.count; e++) {
          z += step(r, e)
          logits[r * n + columns[e]] = z
        }
        for (let e = own, z = 0; e > 0; e--) {
          z -= step(r, e)
          logits[r * n + columns[e - 1]] = z
        }
      }
    },
    writeConditional(conditional) {
      conditional.fill(0)
      for (let e = 0; e < pairs.count; e++) {
        const mass = rowMass[rows[e]]
        conditional[rows[e] * n + columns[e]] = mass > 0 ? masses[e] / mass : 1
      }
    },
  }
}
