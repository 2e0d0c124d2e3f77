/** All experiments, by name. */

import { usageError } from '../core/errors.ts'
import type { Experiment } from '../core/experiment.ts'
import { accuracy } from './accuracy.ts'
import { baseline } from './baseline.ts'
import { example } from './example.ts'
import { fidelity } from './fidelity.ts'
import { latency } from './latency.ts'
import { letor } from './letor.ts'
import { speed } from './speed.ts'
import { stability } from './stability.ts'
import { torchsort } from './torchsort.ts'

const all: readonly Experiment[] = [latency, letor, baseline, torchsort, speed, accuracy, example, stability, fidelity]
const byName = new Map<string, Experiment>(all.map((experiment) => [experiment.name, experiment]))

export const experiments: ReadonlyMap<string, Experiment> = byName

/** @throws RankBenchError(usage) when an experiment of that name is known */
export function registerExperiment(experiment: Experiment): void {
  if (byName.has(experiment.name)) {
    throw usageError(`there is already an experiment called "${experiment.name}"`, 'rank-bench list experiments')
  }
  byName.set(experiment.name, experiment)
}
