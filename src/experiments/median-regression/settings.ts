/** What the experiment can be told, and the same as typed values. */

import type { ParamSpace, Params } from '../../core/params.ts'
import { gumbelParam } from '../training/gumbel.ts'
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
  ...networkParams({ filters: '16x16', hidden: 32 }, { filters: '32x64', hidden: 64 }),
  initial: initialParam,
  ...optimiserParams('adam', 0.003),
  batch: count(5, 'sequences in a step'),
  unit: {
    kind: 'number',
    min: 0,
    exclusiveMin: true,
    default: 1,
    meaning:
      'what a network puts out is multiplied by it: the numbers that are to be found, in this unit; published: 1',
  },
  ...stepParams(300, 50),
  validation: count(200, 'sequences that choose the weights that are kept'),
  test: count(500, 'sequences that are tested'),
  ...keepParams(50),
  gumbel: gumbelParam,
} as const satisfies ParamSpace

export interface Settings extends SampledTraining {
  readonly unit: number
  readonly gumbel: number
}

/** @throws RankBenchError(usage) for filters that cannot be read */
export const parseSettings = (given: Params): Settings => ({
  ...parseSampled(given),
  unit: Number(given.unit),
  gumbel: Number(given.gumbel),
})
