/** What the experiment can be told, and the same as typed values. */

import type { ParamSpace, Params } from '../../core/params.ts'
import type { Precision } from '../../core/shape.ts'
import { heInitial, type Initial, uniformInitial } from '../../train/network.ts'
import { gumbelParam } from '../training/gumbel.ts'
import {
  count,
  keepParams,
  networkParams,
  optimiserParams,
  parseTraining,
  stepParams,
  type TrainingSettings,
} from '../training/settings.ts'

const initials: Readonly<Record<string, Initial>> = { he: heInitial, pytorch: uniformInitial }

export const params = {
  ...networkParams({ filters: '8x16', hidden: 64 }, { filters: '20x50', hidden: 500 }),
  initial: {
    kind: 'choice',
    choices: Object.keys(initials),
    default: 'he',
    meaning: 'how weights begin: He, or as PyTorch has it by itself, which is what was published',
  },
  ...optimiserParams('sgd', 0.01),
  'weight-decay': { kind: 'number', min: 0, default: 0.0005, meaning: 'of the optimiser' },
  queries: count(50, 'pictures in a step that look for neighbours; of a loss of classes all pictures in a step'),
  candidates: count(50, 'pictures in a step that are their neighbours'),
  ...stepParams(150, 50),
  validation: count(500, 'pictures that choose the weights that are kept; all where there are fewer'),
  'validation-neighbours': count(1000, 'pictures of the training part that they look for their neighbours among'),
  test: count(1000, 'pictures that are tested; all where there are fewer'),
  'test-neighbours': count(5000, 'pictures of the training part that they look for their neighbours among'),
  ...keepParams(50),
  gumbel: gumbelParam,
  network: { kind: 'choice', choices: ['f32', 'f64'], default: 'f32', meaning: 'precision of the network' },
} as const satisfies ParamSpace

export interface Settings extends TrainingSettings {
  readonly precision: Precision
  readonly weightDecay: number
  readonly queries: number
  readonly candidates: number
  readonly validation: number
  readonly validationNeighbours: number
  readonly test: number
  readonly testNeighbours: number
  readonly gumbel: number
}

/** @throws RankBenchError(usage) for filters that cannot be read */
export const parseSettings = (given: Params): Settings => ({
  ...parseTraining(given),
  initial: initials[String(given.initial)],
  precision: given.network as Precision,
  weightDecay: Number(given['weight-decay']),
  queries: Number(given.queries),
  candidates: Number(given.candidates),
  validation: Number(given.validation),
  validationNeighbours: Number(given['validation-neighbours']),
  test: Number(given.test),
  testNeighbours: Number(given['test-neighbours']),
  gumbel: Number(given.gumbel),
})
