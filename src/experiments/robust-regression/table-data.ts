/** Rows to fit on and rows to predict, standardised: features by mean and deviation, numbers by median and spread, which outliers do not move. */

import type { DataKinds } from '../../core/dataset.ts'
import { median } from '../../stats/quantile.ts'
import { type RowSplit, rowsOf, standardise } from '../cross-validation.ts'

type RegressionData = Awaited<ReturnType<DataKinds['regression']['load']>>

export interface Prepared {
  readonly width: number
  readonly features: Float64Array
  /** What the model is shown, outliers among it. */
  readonly observed: Float64Array
  readonly held: Float64Array
  /** Of the held rows: what they are, and what somebody who only has the data sees. */
  readonly targets: Float64Array
  readonly seen: Float64Array
}

/** Of a normal distribution the median of |x - median| is this share of its deviation. */
const normalShare = 0.6744897501960817

export function prepare({ features, width, targets, observed }: RegressionData, { fit, held }: RowSplit): Prepared {
  const [own, other] = [rowsOf(features, width, fit), rowsOf(features, width, held)]
  standardise(own, other, width)
  const shown = rowsOf(observed, 1, fit)
  const centre = median(Array.from(shown))
  const spread = median(Array.from(shown, (value) => Math.abs(value - centre))) / normalShare
  const scaled = (numbers: Float64Array) => numbers.map((value) => (value - centre) / (spread > 0 ? spread : 1))
  return {
    width,
    features: own,
    observed: scaled(shown),
    held: other,
    targets: scaled(rowsOf(targets, 1, held)),
    seen: scaled(rowsOf(observed, 1, held)),
  }
}
