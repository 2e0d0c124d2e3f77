/** The network of a cell. */

import { usageError } from '../../core/errors.ts'
import type { Bench } from '../../core/experiment.ts'
import type { Random } from '../../core/random.ts'
import type { Ref } from '../../core/selector.ts'
import { networkPeer } from '../../core/system.ts'
import type { Model } from '../../train/model.ts'
import { computedModel, convolutionalLayers, networkModel } from '../../train/network.ts'
import type { TrainingSettings } from './settings.ts'

/** Whom an experiment needs whose networks may be PyTorch's. */
export const networkNeeds = ({ params }: Ref): string | undefined =>
  params.network === networkPeer ? networkPeer : undefined

/**
 * Of grey pictures.
 * @param random what weights begin with: cells that are to begin alike hand in the same stream
 * @param outputs numbers that come out for a picture
 */
export function networkOf(
  { width, height }: { readonly width: number; readonly height: number },
  { size, initial, precision }: TrainingSettings,
  random: Random,
  { network }: Pick<Bench, 'network'>,
  outputs = 1,
): Model {
  const picture = { width, height, channels: 1 }
  if (precision !== undefined)
    return networkModel(convolutionalLayers(picture, size, precision, outputs), initial, random, precision)
  if (network) return computedModel(picture, size, outputs, initial, random, network)
  throw usageError(
    'this process was not told of a PyTorch that computes the network',
    'measure it with: rank-bench run',
  )
}
