/** The network of a cell. */

import type { Random } from '../../core/random.ts'
import type { Model } from '../../train/model.ts'
import { convolutionalLayers, networkModel } from '../../train/network.ts'
import type { TrainingSettings } from './settings.ts'

/**
 * Of grey pictures.
 * @param random what weights begin with: cells that are to begin alike hand in the same stream
 * @param outputs numbers that come out for a picture
 */
export const networkOf = (
  { width, height }: { readonly width: number; readonly height: number },
  { size, initial, precision }: TrainingSettings,
  random: Random,
  outputs = 1,
): Model =>
  networkModel(
    convolutionalLayers({ width, height, channels: 1 }, size, precision, outputs),
    initial,
    random,
    precision,
  )
