/** The Spearman loss: what it takes and promises; reference.ts says what it is. */

import { defineMethod, type OperatorSpec } from '../../../core/method.ts'
import type { ParamSpace, Params } from '../../../core/params.ts'
import { batchLossOperator } from '../../kit/loss-plan.ts'
import { declaredOver, selectedOperator } from '../../kit/nested-operator.ts'
import { rankOperators, resolveRank, spearmanBatch } from './reference.ts'

const params: ParamSpace = {
  rank: {
    kind: 'text',
    default: 'permutahedron',
    selects: 'rank',
    meaning: 'selector of the soft rank, e.g. sigmoid[strength=0.1]',
  },
  target: {
    kind: 'choice',
    default: 'soft',
    choices: ['soft', 'hard'],
    meaning: 'ranks of the labels: by the same soft rank, or average ranks',
  },
}

const declared = {
  params,
  // Those of the default rank operator; a quadratic one makes the loss quadratic.
  growth: { forward: 'n log n', backward: 'n', memory: 'n' },
  labels: 'any',
  promises: { shift: 'stays', standardises: true },
} as const

/** The rank selector is resolved once a plan, so that a wrong one is refused even for a batch of no lists. */
function operatorFor(given: Params): OperatorSpec {
  const ref = resolveRank(String(given.rank))
  return batchLossOperator(declaredOver(declared, rankOperators.get(ref.name)!, ref), spearmanBatch(ref))
}

/**
 * Spearman loss over any soft rank.
 * Its plan throws RankBenchError(usage) when `rank` is not the selector of one rank operator.
 */
export const spearman = defineMethod({
  name: 'spearman',
  title: 'Spearman: one minus the correlation of soft ranks',
  citations: [
    {
      authors: 'Blondel, Teboul, Berthet, Djolonga',
      title: 'Fast Differentiable Sorting and Ranking',
      venue: 'ICML',
      year: 2020,
      url: 'https://arxiv.org/abs/2002.08871',
    },
  ],
  operators: {
    loss: selectedOperator({ rank: params.rank.default }, operatorFor),
  },
})
