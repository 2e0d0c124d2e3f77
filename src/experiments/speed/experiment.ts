/** How fast is the engine, next to PyTorch and next to our own reference, on the same numbers, in the same rounds? */

import type { Implementation } from '../../core/cell.ts'
import type { Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import type { Subject } from '../../core/method-ref.ts'
import type { Params } from '../../core/params.ts'
import { operatorCells, threads } from '../latency/experiment.ts'
import { agreementMeasures, timeMeasures } from '../time-measures.ts'
import { timeOperator } from '../time-operator.ts'
import { offeredByTorchsort } from '../torchsort/experiment.ts'

/** Losses that the peer has in plain PyTorch, on padded lists. */
const peerLosses = [
  'listnet',
  'softmax',
  'listmle',
  'ranknet',
  'pairwise-logistic',
  'pairwise-hinge',
  'kendall',
  'lambdarank',
  'lambdaloss',
  'approx-ndcg',
  'approx-mrr',
  'neural-ndcg',
  'pirank',
  'soft-ndcg',
  'smoothi-ndcg',
  'smoothi-precision',
  'permutation-cross-entropy',
  'topk-cross-entropy',
  'pointwise-mse',
  'pointwise-bce',
  'ordinal',
]

/** Parameters of losses that the peer knows one value of. */
const peerValues: Params = {
  reduction: 'mean',
  ties: 'file-order',
  scheme: 'ndcg2',
  k: 0,
  depth: 1,
  transposed: false,
  matrix: 'softsort',
  operator: 'softsort',
  p_k: '1',
}

/** Differences or matrices of all pairs are stored by plain PyTorch: beyond this many entries a peer runs out of memory. */
const mostPeerEntries = 1.5e8

const isDense = ({ method }: Subject): boolean => ['sigmoid', 'neuralsort', 'softsort'].includes(method)

function offeredByTorch({ name, operator, method, params }: Subject): boolean {
  if (operator === 'loss') {
    const known = Object.entries(peerValues).every(([key, value]) => params[key] === undefined || params[key] === value)
    return known && peerLosses.includes(method)
  }
  if (params.direction !== 'ascending' || params['straight-through'] === true) return false
  if (name === 'rank:softsort' || name === 'sort:softsort') return params.power === 1
  return ['sort:hard', 'rank:sigmoid', 'sort:neuralsort', 'rank:neuralsort'].includes(name)
}

/** Who else computes this cell. */
function peerOf({ method, dataset }: PlannedCell): Implementation | undefined {
  if (method.operator !== 'loss' && dataset.params.ragged === true) return undefined
  if (isDense(method) && Number(dataset.params.batch) * Number(dataset.params.n) ** 2 > mostPeerEntries)
    return undefined
  if (offeredByTorchsort(method)) return 'torchsort'
  return offeredByTorch(method) ? 'torch' : undefined
}

/** Every cell, and next to it whoever else in Python computes it. */
export const besideTorch = (scope: Scope): PlannedCell[] =>
  operatorCells(scope).flatMap((cell) => {
    const peer = peerOf(cell)
    return peer ? [cell, { ...cell, implementation: peer }] : [cell]
  })

export const speed: Experiment = {
  name: 'speed',
  version: 1,
  question: 'How fast is the engine, next to PyTorch and to our own reference?',
  params: {
    beside: {
      kind: 'choice',
      choices: ['torch', 'reference', 'nothing'],
      default: 'torch',
      meaning: 'who else is timed: torchsort or plain PyTorch, our reference implementation, or nobody',
    },
    threads,
  },
  measures: { ...timeMeasures, ...agreementMeasures },
  takes: { operators: ['sort', 'rank', 'matrix', 'topk', 'quantile', 'loss'], data: 'lists' },
  timed: true,
  plan(scope) {
    const { beside } = scope.experiment.params
    if (beside === 'torch') return besideTorch(scope)
    const own = operatorCells(scope)
    if (beside === 'nothing') return own
    return own.flatMap((cell) => [cell, { ...cell, implementation: 'reference' as const }])
  },
  run: async (cell, bench) =>
    timeOperator(cell, bench, {
      engine: cell.implementation === 'reference' ? 'reference' : 'fast',
      threads: Number(cell.experiment.params.threads),
    }),
  report: async () => (await import('./report.ts')).reporter,
}
