/** What an operator costs besides time: memory, allocations of a call, and how all of it grows. */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment } from '../../core/experiment.ts'
import type { Measure } from '../../core/measure.ts'
import type { Observation } from '../../core/result.ts'
import { operatorInputs } from '../../probe/operator-inputs.ts'
import { operatorCells } from '../operator-cells.ts'

const bytes = (meaning: string): Measure => ({ unit: 'bytes', better: 'lower', meaning })
const exponent = (meaning: string): Measure => ({ unit: '1', better: 'lower', meaning })

const measures = {
  'memory.plan': bytes('bytes that a plan holds'),
  'allocation.forward': bytes('bytes that a forward call leaves on the heap'),
  'allocation.backward': bytes('bytes that a backward call leaves on the heap'),
  'growth.forward': exponent('exponent of n by which the time of a forward call grows'),
  'growth.backward': exponent('exponent of n by which the time of a backward call grows'),
  'growth.memory': exponent('exponent of n by which the memory of a plan grows'),
} as const

function footprintOf(cell: Cell, bench: Bench): Observation[] {
  const inputs = operatorInputs(bench.dataset(cell.dataset), cell)
  const spec = bench.operator(cell.method, {})
  const { held, forward, backward } = bench.bytes(() => {
    const plan = spec.plan(inputs.shape, cell.method.params, cell.precision)
    plan.values.set(inputs.values[0])
    plan.labels?.set(inputs.labels)
    plan.cotangent.set(inputs.cotangent(plan.cotangent.length))
    return plan
  })
  const grown = cell.experiment.params.growth ? bench.growth(cell.method) : undefined
  const values: readonly (readonly [metric: keyof typeof measures, value: number])[] = [
    ['memory.plan', held],
    ['allocation.forward', forward],
    ['allocation.backward', backward],
    ...(grown
      ? ([
          ['growth.forward', grown.forward],
          ['growth.backward', grown.backward],
          ['growth.memory', grown.memory],
        ] as const)
      : []),
  ]
  return values.map(([metric, value]) => ({ metric, unit: measures[metric].unit, better: 'lower', value }))
}

export const footprint: Experiment = {
  name: 'footprint',
  version: 1,
  question: 'How much memory does each operator hold, what does a call allocate, and how does it grow?',
  params: {
    growth: { kind: 'flag', default: true, meaning: 'also exponents of n, from doublings; some seconds an operator' },
  },
  measures,
  takes: { operators: ['sort', 'rank', 'matrix', 'topk', 'quantile', 'loss'], data: 'lists' },
  // Exponents are of times: a fresh process, alone, and several rounds.
  timed: true,
  usesEngine: () => true,
  plan: (scope) => operatorCells(scope),
  run: async (cell, bench) => footprintOf(cell, bench),
}
