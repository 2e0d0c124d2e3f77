/** Dense layers on the engine's kernels, and in plain TypeScript where there is none. */

import { type DenseLayers, denseLayers } from '../engine/dense-layers.ts'
import { plainLayers } from './plain-layers.ts'

/** @param sizes width, hidden sizes, outputs */
export const createLayers = (sizes: readonly number[]): DenseLayers => denseLayers(sizes) ?? plainLayers(sizes)
