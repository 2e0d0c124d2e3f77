/** Rows of features, each with a number; and the same numbers with a share of them spoilt. */

import type { DataContext, DatasetBase } from '../../core/dataset.ts'
import type { Params } from '../../core/params.ts'

export interface RegressionData {
  /** rows x width, row-major. */
  readonly features: Float64Array
  readonly width: number
  /** What is to be predicted, one a row. */
  readonly targets: Float64Array
  /** What a model is shown: the targets, some of them outliers. */
  readonly observed: Float64Array
}

export interface RegressionDataset extends DatasetBase {
  readonly kind: 'regression'
  /** @throws RankBenchError(absent | data) */
  load(params: Params, context: DataContext): Promise<RegressionData>
}

declare module '../../core/dataset.ts' {
  interface DataKinds {
    regression: RegressionDataset
  }
}
