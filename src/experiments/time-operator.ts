/** Forward, backward and both, of one operator on rotating inputs. */

import type { Cell } from '../core/cell.ts'
import type { Bench } from '../core/experiment.ts'
import type { Execution } from '../core/method.ts'
import type { Observation } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import type { FloatArray } from '../core/shape.ts'
import { operatorInputs } from '../probe/operator-inputs.ts'
import { timeMetrics } from '../probe/time-measures.ts'

function requireAllFinite(values: FloatArray, what: string, cell: Cell): void {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at >= 0)
    throw new Error(`${formatRef(cell.method)} in ${cell.precision}: ${what}[${at}] is ${values[at]}; not timed`)
}

/** Three timings, by whoever the cell is of. */
export const timeOperator = async (cell: Cell, bench: Bench, execution: Execution): Promise<readonly Observation[]> =>
  bench.theirs ? bench.theirs.times() : timeOurs(cell, bench, execution)

/** The copy of each input into the plan is inside the forward time. */
function timeOurs(cell: Cell, bench: Bench, execution: Execution): Observation[] {
  const inputs = operatorInputs(bench.dataset(cell.dataset), cell)
  const plan = bench.operator(cell.method, execution).plan(inputs.shape, cell.method.params, cell.precision)
  plan.labels?.set(inputs.labels)
  plan.cotangent.set(inputs.cotangent(plan.cotangent.length))
  let turn = 0
  const forward = () => {
    plan.values.set(inputs.values[turn++ % inputs.values.length])
    plan.forward()
  }
  const both = () => {
    forward()
    plan.backward()
  }
  both()
  requireAllFinite(plan.output, 'output', cell)
  requireAllFinite(plan.gradient, 'gradient', cell)
  const observations = [
    bench.time(timeMetrics.forward, forward),
    bench.time(timeMetrics.backward, () => plan.backward()),
    bench.time(timeMetrics.both, both),
  ]
  plan.dispose()
  return observations
}
