/** Grey pictures of one size, each with a class. */

import type { DataContext, DatasetBase, Part } from '../../core/dataset.ts'
import type { Params } from '../../core/params.ts'

export interface Images {
  readonly width: number
  readonly height: number
  /** One a picture, row-major, 0 is background: pictures x height x width. */
  readonly pixels: Uint8Array
  /** One a picture. */
  readonly labels: Uint8Array
}

/** No picture is in two of them. */
export type ImageParts = Readonly<Record<Part, Images>>

export interface ImageDataset extends DatasetBase {
  readonly kind: 'images'
  /** How many classes there are. */
  readonly classes: number
  /** @throws RankBenchError(absent | data) */
  load(params: Params, context: DataContext): Promise<ImageParts>
}

declare module '../../core/dataset.ts' {
  interface DataKinds {
    images: ImageDataset
  }
}
