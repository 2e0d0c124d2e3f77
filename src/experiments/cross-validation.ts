/** Rows cut into folds, and tables of features with some of their rows. */

import type { Random } from '../core/random.ts'

/** Row numbers in two parts. */
export interface RowSplit {
  readonly fit: readonly number[]
  readonly held: readonly number[]
}

/** Every row is held out once; which with which is drawn. @param rows numbers of the rows that are cut */
export function crossValidation(rows: readonly number[], folds: number, random: Random): RowSplit[] {
  const shuffled = random.shuffle([...rows])
  return Array.from({ length: folds }, (_, fold) => ({
    fit: shuffled.filter((_row, at) => at % folds !== fold),
    held: shuffled.filter((_row, at) => at % folds === fold),
  }))
}

/** Rows of a row-major table, in the order asked. */
export function rowsOf(table: Float64Array, width: number, rows: readonly number[]): Float64Array {
  const picked = new Float64Array(rows.length * width)
  rows.forEach((row, i) => {
    picked.set(table.subarray(row * width, (row + 1) * width), i * width)
  })
  return picked
}

/** Makes every column of `fit` have mean 0 and deviation 1, and moves `held` along; a column that is constant becomes 0. */
export function standardise(fit: Float64Array, held: Float64Array, width: number): void {
  const rows = fit.length / width
  for (let j = 0; j < width; j++) {
    let [mean, square] = [0, 0]
    for (let i = 0; i < rows; i++) mean += fit[i * width + j] / rows
    for (let i = 0; i < rows; i++) square += (fit[i * width + j] - mean) ** 2 / rows
    const scale = square > 1e-24 * (1 + mean * mean) ? 1 / Math.sqrt(square) : 0
    for (const table of [fit, held]) {
      for (let i = j; i < table.length; i += width) table[i] = scale * (table[i] - mean)
    }
  }
}
