/** What the experiment can be told, and the same as typed values. */

import type { ParamSpace } from '../../core/params.ts'
import {
  count,
  initialParam,
  keepParams,
  networkParams,
  optimiserParams,
  parseSampled,
  type SampledTraining,
  stepParams,
} from '../training/settings.ts'

export const params = {
  ...networkParams({ filters: '8x16', hidden: 32 }, { filters: '32x64', hidden: 64 }),
  initial: initialParam,
  ...optimiserParams('adam', 0.003),
  batch: count(32, 'pictures in a step'),
  ...stepParams(150, 50),
  validation: count(500, 'pictures that choose the weights that are kept; all where there are fewer'),
  test: count(1000, 'pictures that are tested; all where there are fewer'),
  ...keepParams(50),
} as const satisfies ParamSpace

export type Settings = SampledTraining

export const parseSettings = parseSampled
