/** All experiments, by name. */

import type { Experiment } from '../core/experiment.ts'
import { example } from './example.ts'
import { latency } from './latency.ts'
import { letor } from './letor.ts'
import { torchsort } from './torchsort.ts'

export const experiments: ReadonlyMap<string, Experiment> = new Map(
  [latency, letor, torchsort, example].map((experiment) => [experiment.name, experiment]),
)
