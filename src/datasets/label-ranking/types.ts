/** Rows of features, each with a ranking of the same labels. */

import type { DataContext, DatasetBase } from '../../core/dataset.ts'
import type { Params } from '../../core/params.ts'

export interface LabelRankings {
  /** rows x width, row-major. */
  readonly features: Float64Array
  readonly width: number
  /** rows x labels: the rank of each label, from 1, the first; no two labels of a row share one. */
  readonly ranks: Float64Array
  readonly labels: number
}

export interface LabelRankingDataset extends DatasetBase {
  readonly kind: 'label-ranking'
  /** Names of its sets: each is measured by itself. */
  folds(params: Params): readonly string[]
  /** @throws RankBenchError(absent | data) */
  load(set: string, params: Params, context: DataContext): Promise<LabelRankings>
}

declare module '../../core/dataset.ts' {
  interface DataKinds {
    'label-ranking': LabelRankingDataset
  }
}
