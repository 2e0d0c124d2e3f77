/**
 * Hard least trimmed squares: fit, keep the rows with the smallest residuals, fit again, until nothing changes; from several starts of
 * few rows, the best of which is kept. Rousseeuw, Van Driessen, Computing LTS Regression for Large Data Sets, Data Mining and
 * Knowledge Discovery 2006.
 */

import type { Random } from '../../core/random.ts'
import { fitRidge, linearScores } from '../../train/ridge.ts'
import { rowsOf } from '../cross-validation.ts'
import type { Prepared } from './table-data.ts'

const starts = 10
const mostSteps = 20

function fitOn({ features, width, observed }: Prepared, rows: readonly number[], ridge: number): Float64Array {
  return fitRidge({ features: rowsOf(features, width, rows), labels: rowsOf(observed, 1, rows), width }, ridge)
}

/** Rows with the smallest residuals, and the sum of their squares. */
function closest(prepared: Prepared, weights: Float64Array, kept: number) {
  const squares = linearScores(weights, prepared).map((value, i) => (value - prepared.observed[i]) ** 2)
  const rows = Array.from(squares, (_, i) => i)
    .sort((a, b) => squares[a] - squares[b])
    .slice(0, kept)
  return { rows, sum: rows.reduce((total, row) => total + squares[row], 0) }
}

/** Concentration from one set of rows: the sum falls with every step. */
function concentrate(prepared: Prepared, first: readonly number[], kept: number, ridge: number) {
  let weights = fitOn(prepared, first, ridge)
  let found = closest(prepared, weights, kept)
  for (let step = 0; step < mostSteps; step++) {
    weights = fitOn(prepared, found.rows, ridge)
    const next = closest(prepared, weights, kept)
    if (next.sum >= found.sum * (1 - 1e-9)) break
    found = next
  }
  return { weights, sum: found.sum }
}

/** @param left how many rows are left out */
export function fitTrimmed(prepared: Prepared, left: number, ridge: number, random: Random): Float64Array {
  const rows = Array.from(prepared.observed, (_, i) => i)
  const kept = rows.length - left
  const few = Math.min(kept, 2 * (prepared.width + 1))
  const tried = Array.from({ length: starts }, (_, start) =>
    concentrate(prepared, start === 0 ? rows : random.shuffle([...rows]).slice(0, few), kept, ridge),
  )
  return tried.reduce((best, each) => (each.sum < best.sum ? each : best)).weights
}
