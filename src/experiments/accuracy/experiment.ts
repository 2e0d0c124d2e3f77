/** How many digits does f32 keep? The engine, and whoever else computes it, against our reference in f64 on the same f32 numbers. */

import { type Cell, isOurs } from '../../core/cell.ts'
import type { Bench, Experiment } from '../../core/experiment.ts'
import type { Measure } from '../../core/measure.ts'
import type { Execution, Plan } from '../../core/method.ts'
import { operatorNames } from '../../core/operators.ts'
import type { Observation } from '../../core/result.ts'
import type { Precision } from '../../core/shape.ts'
import type { Computed } from '../../core/system.ts'
import { relativeError, valuesAndGradient } from '../../probe/computed.ts'
import { type OperatorInputs, operatorInputs } from '../../probe/operator-inputs.ts'
import { besideUsual } from '../operator-cells.ts'

const inputsCompared = 4

/** Answers in the precision of the cell, by whoever it is of, in a form in which gradients can be compared. */
function answering(cell: Cell, bench: Bench, inputs: OperatorInputs) {
  const { theirs } = bench
  const cotangentOf = (plan: Plan) => Float32Array.from(inputs.cotangent(plan.cotangent.length))
  const planned = (precision: Precision, execution: Execution): Plan =>
    bench.operator(cell.method, execution).plan(inputs.shape, cell.method.params, precision)
  const truth = planned('f64', { engine: 'reference' })
  const cotangent = cotangentOf(truth)
  const exact = (values: Float32Array): Computed => {
    const { output, gradient } = valuesAndGradient(truth, values, inputs.labels, cotangent)
    return { output, gradient: theirs ? theirs.comparable(gradient, values) : gradient }
  }
  if (theirs) return { exact, answer: (values: Float32Array) => theirs.compute(values) }
  const fast = planned(cell.precision, {})
  const answer = async (values: Float32Array) => valuesAndGradient(fast, values, inputs.labels, cotangent)
  return { exact, answer }
}

/** Largest error of some inputs, relative to the largest entry of the truth. */
async function errorsOf(cell: Cell, bench: Bench): Promise<Observation[]> {
  const inputs = operatorInputs(bench.dataset(cell.dataset), cell)
  const { exact, answer } = answering(cell, bench, inputs)
  let [values, gradients] = [0, 0]
  for (const input of inputs.values.slice(0, inputsCompared)) {
    const rounded = Float32Array.from(input)
    const [truth, found] = [exact(rounded), await answer(rounded)]
    values = Math.max(values, relativeError(truth.output, found.output))
    gradients = Math.max(gradients, relativeError(truth.gradient, found.gradient))
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
  takes: { operators: operatorNames, data: 'lists', systems: 'peers' },
  timed: false,
  usesEngine: isOurs,
  plan: (scope) => besideUsual(scope),
  run: (cell, bench) => errorsOf(cell, bench),
  report: async () => (await import('./report.ts')).reporter,
}
