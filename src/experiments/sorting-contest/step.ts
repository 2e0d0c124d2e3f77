/** What an operator costs in a step of the contest: its loss and gradient alone, and the whole step with the network. */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment } from '../../core/experiment.ts'
import { methodOf } from '../../core/method-ref.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { timeMetrics } from '../../probe/time-measures.ts'
import { batchesOf, sortingCells, sortingNetwork } from '../sequence-sorting/experiment.ts'
import { sortingLoss } from '../sequence-sorting/loss.ts'
import { optimiserOf } from '../training/settings.ts'
import { openSource } from '../training/source.ts'
import { networkParams, trainingSettings } from './settings.ts'

/** The loss is a forward and a backward pass of the operator. */
export const stepMetrics = { loss: timeMetrics.both, step: 'time.step' } as const

/** Batches in turn: a pass over one and the same would be predicted. */
const batches = 8

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const settings = trainingSettings(cell.experiment.params)
  const source = await openSource(cell, bench)
  const method = methodOf(cell.method)
  const { at, dispose } = sortingLoss(bench.operator(method, {}), method, {
    sequences: settings.batch,
    n: source.n,
    gumbel: settings.gumbel,
  })
  const model = sortingNetwork(source, settings, cell.seed, bench)
  const optimiser = optimiserOf(settings, model.parameters.length)
  const drawn = Array.from({ length: batches }, (_, step) => batchesOf(source, settings, cell.seed).next(step))
  const random = randomStream(cell.seed, 'sorting contest/scores')
  // Of deviation 1, as the lists that operators are timed on.
  const scores = drawn.map(({ values }) => Float64Array.from(values, () => random.normal()))
  const outputs = new Float64Array(scores[0].length)
  const gradient = new Float64Array(model.parameters.length)
  let turn = 0
  const next = () => turn++ % batches
  const loss = () => {
    const i = next()
    at(scores[i], drawn[i])
  }
  const step = () => {
    const batch = drawn[next()]
    model.forward(batch.inputs, batch.rows, outputs)
    gradient.fill(0)
    model.backward(at(outputs, batch).gradient, gradient)
    optimiser.step(model.parameters, gradient)
  }
  const found = [bench.time(stepMetrics.loss, loss), bench.time(stepMetrics.step, step)]
  dispose()
  return found
}

const time = (meaning: string) => ({ unit: 'ns', better: 'lower', value: 'median', meaning }) as const

export const sortingStep: Experiment = {
  name: 'sorting-step',
  version: 1,
  question: 'What does each operator cost in a training step?',
  params: networkParams,
  measures: {
    [stepMetrics.loss]: time('loss of a batch and its gradient in the scores, which have deviation 1'),
    [stepMetrics.step]: time('a whole step: the network forward, the loss, the network backward, the optimiser'),
  },
  takes: { operators: ['matrix', 'rank'], data: 'sequences' },
  timed: true,
  usesEngine: () => true,
  plan: sortingCells,
  run,
}
