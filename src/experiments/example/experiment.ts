/** Do the examples printed in papers and READMEs come out? The values of an operator on given numbers. */

import type { Experiment } from '../../core/experiment.ts'
import { valueOperators } from '../../core/operators.ts'
import type { Observation } from '../../core/result.ts'
import { operatorCells } from '../operator-cells.ts'

export const example: Experiment = {
  name: 'example',
  version: 1,
  question: 'Do the examples printed in papers and READMEs come out?',
  params: {},
  measures: { 'output[*]': { unit: '1', better: 'neither', meaning: 'an entry of the output, counted from 1' } },
  takes: { operators: valueOperators, data: 'lists', datasets: ['given'] },
  timed: false,
  plan: (scope) => operatorCells(scope),
  async run(cell, bench) {
    const dataset = bench.dataset(cell.dataset)
    if (dataset.kind !== 'lists') return []
    const { offsets, values } = dataset.generate(cell.dataset.params, cell.seed)
    const plan = bench.operator(cell.method).plan({ offsets }, cell.method.params, cell.precision)
    plan.values.set(values)
    plan.forward()
    const observations = Array.from(
      plan.output,
      (value, i): Observation => ({ metric: `output[${i + 1}]`, unit: '1', better: 'neither', value }),
    )
    plan.dispose()
    return observations
  },
  // Judged, not tabulated: what came out stands beside what was printed.
  report: async () => ({ sections: () => [] }),
}
