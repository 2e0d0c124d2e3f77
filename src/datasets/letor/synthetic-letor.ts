/** LETOR-shaped data that is generated, so that everything runs offline. */

import type { RankingDataset } from '../../core/dataset.ts'
import { usageError } from '../../core/errors.ts'
import type { Params } from '../../core/params.ts'
import { formatRef } from '../../core/selector.ts'
import { type FoldParts, foldNamed, foldOf, turnsOf } from './rotation.ts'
import { sliceEvenly } from './slice.ts'
import { generate, synthesisVersion } from './synthesis.ts'

const params = {
  queries: { kind: 'number', integer: true, min: 5, max: 1_000_000, default: 200, meaning: 'lists in all parts' },
  features: { kind: 'number', integer: true, min: 5, max: 100_000, default: 46, meaning: 'features of a document' },
  lengths: {
    kind: 'choice',
    choices: ['mq2008', 'mslr'],
    default: 'mq2008',
    meaning: 'documents of a list: 5 to 121, about a dozen, or as MSLR-WEB30K has them, 120 on average',
  },
  folds: { kind: 'number', integer: true, min: 3, max: 1_000, default: 5, meaning: 'parts, rotated as those of LETOR' },
  grades: { kind: 'number', integer: true, min: 2, max: 5, default: 3, meaning: 'labels 0 .. grades - 1' },
  blank: { kind: 'number', min: 0, max: 1, default: 0.2, meaning: 'share of lists whose labels are cleared' },
  noise: { kind: 'number', min: 0, default: 0.5, meaning: 'standard deviation of what the features do not tell' },
  seed: { kind: 'number', integer: true, min: 0, default: 1, meaning: 'the data is a function of its parameters only' },
} as const

/** The parameters as they go into names and digests; one that came later is left out at its default, so that names stay. */
const named = ({ lengths, ...others }: Params): Params => (lengths === 'mslr' ? { ...others, lengths } : others)

/** @throws RankBenchError(usage) when a part would be empty */
function turns({ folds, queries }: Params): FoldParts[] {
  if (Number(folds) <= Number(queries)) return turnsOf(Number(folds))
  throw usageError(`synthetic-letor: ${folds} folds of ${queries} lists; expected at least one list a fold`)
}

export const syntheticLetor: RankingDataset = {
  kind: 'ranking',
  name: 'synthetic-letor',
  title: 'generated lists of LETOR shape with a known nonlinear ranker behind them',
  licence: 'none needed: generated',
  citation: '',
  params,
  folds: (given) => turns(given).map((turn) => turn.name),
  digest: async (given) =>
    `generated/${synthesisVersion}/${formatRef({ name: 'synthetic-letor', params: named(given) })}`,
  async load(fold, given) {
    const turn = foldNamed(turns(given), fold, 'synthetic-letor')
    return foldOf(sliceEvenly(generate(given), Number(given.folds)), turn)
  },
}
