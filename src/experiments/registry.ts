/** All experiments, by name. */

import { usageError } from '../core/errors.ts'
import type { Experiment } from '../core/experiment.ts'
import { accuracy } from './accuracy/experiment.ts'
import { baseline } from './baseline/experiment.ts'
import { datasetFacts } from './dataset-facts/experiment.ts'
import { differentiableKnn } from './differentiable-knn/experiment.ts'
import { example } from './example/experiment.ts'
import { fidelity } from './fidelity/experiment.ts'
import { footprint } from './footprint/experiment.ts'
import { labelRanking } from './label-ranking/experiment.ts'
import { latency } from './latency/experiment.ts'
import { letor } from './letor/experiment.ts'
import { medianRegression } from './median-regression/experiment.ts'
import { peerAgreement } from './peer-agreement/experiment.ts'
import { publishedScores } from './published-scores/experiment.ts'
import { robustRegression } from './robust-regression/experiment.ts'
import { sequenceSorting } from './sequence-sorting/experiment.ts'
import { sortingContest } from './sorting-contest/experiment.ts'
import { sortingStep } from './sorting-contest/step.ts'
import { asPublished } from './speed/as-published.ts'
import { speed } from './speed/experiment.ts'
import { torchsort } from './speed/torchsort.ts'
import { stability } from './stability/experiment.ts'
import { topkClassification } from './topk-classification/experiment.ts'

const all: readonly Experiment[] = [
  latency,
  letor,
  baseline,
  torchsort,
  speed,
  asPublished,
  accuracy,
  peerAgreement,
  example,
  stability,
  fidelity,
  publishedScores,
  datasetFacts,
  footprint,
  labelRanking,
  robustRegression,
  sequenceSorting,
  sortingContest,
  sortingStep,
  topkClassification,
  medianRegression,
  differentiableKnn,
]
const byName = new Map<string, Experiment>(all.map((experiment) => [experiment.name, experiment]))

export const experiments: ReadonlyMap<string, Experiment> = byName

/** @throws RankBenchError(usage) when an experiment of that name is known */
export function registerExperiment(experiment: Experiment): void {
  if (byName.has(experiment.name)) {
    throw usageError(`there is already an experiment called "${experiment.name}"`, 'rank-bench list experiments')
  }
  byName.set(experiment.name, experiment)
}
