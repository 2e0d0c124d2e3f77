/** Letters that say which of many systems cannot be told apart. */

/**
 * Compact letter display: systems that share a letter do not differ; every pair that does not differ shares one.
 * Piepho, "An Algorithm for a Letter-Based Representation of All-Pairwise Comparisons", JCGS 2004 (insert and absorb).
 *
 * @param count number of systems, best first: the best gets an a
 * @param differ whether systems i < j differ significantly
 */
export function significanceLetters(count: number, differ: (i: number, j: number) => boolean): string[] {
  let columns: boolean[][] = [new Array<boolean>(count).fill(true)]
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      if (!differ(i, j)) continue
      columns = absorb(
        columns.flatMap((column) => {
          if (!(column[i] && column[j])) return [column]
          return [without(column, i), without(column, j)]
        }),
      )
    }
  }
  columns.sort((a, b) => a.indexOf(true) - b.indexOf(true) || a.lastIndexOf(true) - b.lastIndexOf(true))
  return Array.from({ length: count }, (_, i) =>
    columns.flatMap((column, letter) => (column[i] ? [letterName(letter)] : [])).join(''),
  )
}

const without = (column: readonly boolean[], i: number): boolean[] => column.map((value, k) => value && k !== i)

/** Columns that are part of another say nothing; of equal ones the first stays. */
function absorb(columns: readonly boolean[][]): boolean[][] {
  const within = (a: readonly boolean[], b: readonly boolean[]) => a.every((value, k) => !value || b[k])
  return columns.filter(
    (column, at) =>
      !columns.some((other, k) => k !== at && within(column, other) && (!within(other, column) || k < at)),
  )
}

/** a, b, ..., z, A, ..., Z, then numbers in brackets. */
function letterName(index: number): string {
  if (index < 26) return String.fromCharCode(97 + index)
  return index < 52 ? String.fromCharCode(65 + index - 26) : `(${index})`
}
