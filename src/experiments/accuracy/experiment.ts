/** How many digits does f32 keep? The engine, and whoever else computes it, against our reference in f64 on the same f32 numbers. */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment } from '../../core/experiment.ts'
import type { Measure } from '../../core/measure.ts'
import type { Execution, Plan } from '../../core/method.ts'
import type { Observation } from '../../core/result.ts'
import type { Precision } from '../../core/shape.ts'
import { operatorInputs } from '../../probe/operator-inputs.ts'
import { relativeError, valuesAndGradient } from '../computed.ts'
import { besideTorch } from '../speed/experiment.ts'

const inputsCompared = 4

/** Largest error of some inputs, relative to the largest entry of the truth. */
function errorsOf(cell: Cell, bench: Bench): Observation[] {
  const inputs = operatorInputs(bench.dataset(cell.dataset), cell)
  const planned = (precision: Precision, execution: Execution): Plan =>
    bench.operator(cell.method, execution).plan(inputs.shape, cell.method.params, precision)
  const [fast, truth] = [planned(cell.precision, { engine: 'fast' }), planned('f64', { engine: 'reference' })]
  const cotangent = Float32Array.from(inputs.cotangent(fast.cotangent.length))
  let [values, gradients] = [0, 0]
  for (const input of inputs.values.slice(0, inputsCompared)) {
    const rounded = Float32Array.from(input)
    const [ours, exact] = [fast, truth].map((plan) => valuesAndGradient(plan, rounded, inputs.labels, cotangent))
    values = Math.max(values, relativeError(exact.output, ours.output))
    gradients = Math.max(gradients, relativeError(exact.gradient, ours.gradient))
  }
  return [
    { metric: 'error.values', unit: '1', better: 'lower', value: values },
    { metric: 'error.gradients', unit: '1', better: 'lower', value: gradients },
  ]
}

const error = (what: string): Measure => ({
  unit: '1',
  better: 'lower',
  meaning: `largest difference of ${what} from those of the reference in f64, relative to the largest entry`,
})

export const accuracy: Experiment = {
  name: 'accuracy',
  version: 1,
  question: 'How many digits does f32 keep, ours and theirs, against f64 on the same numbers?',
  params: {},
  measures: {
    'error.values': error('values'),
    'error.gradients': error('gradients'),
  },
  takes: { operators: ['sort', 'rank', 'matrix', 'topk', 'quantile', 'loss'], data: 'lists' },
  timed: false,
  plan: (scope) => besideTorch(scope),
  run: async (cell, bench) => errorsOf(cell, bench),
  report: async () => (await import('./report.ts')).reporter,
}
