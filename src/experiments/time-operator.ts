/** Forward, backward and both, of one operator on rotating inputs. */

import type { Cell } from '../core/cell.ts'
import type { Bench } from '../core/experiment.ts'
import type { Execution, Plan } from '../core/method.ts'
import type { Observation } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import { type FloatArray, rowCount } from '../core/shape.ts'
import { operatorInputs } from '../probe/operator-inputs.ts'
import { memoryMetric, timeMetrics } from '../probe/time-measures.ts'

function requireAllFinite(values: FloatArray, what: string, cell: Cell): void {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at >= 0)
    throw new Error(`${formatRef(cell.method)} in ${cell.precision}: ${what}[${at}] is ${values[at]}; not timed`)
}

/** Threads of the engine share out rows: what is printed beside a number must be what took part. */
function warnOfIdleThreads(plan: Plan, rows: number, { threads = 1 }: Execution, bench: Bench): void {
  const took = plan.engine === 'fast' ? Math.min(threads, Math.max(1, rows)) : 1
  if (took === threads) return
  const why = plan.engine === 'fast' ? 'one a row' : 'plain TypeScript has one'
  bench.warn({ code: 'threads', message: `${threads} threads were asked for, ${took} took part: ${why}` })
}

/** Three timings, by whoever the cell is of. */
export const timeOperator = async (cell: Cell, bench: Bench, execution: Execution): Promise<readonly Observation[]> =>
  bench.theirs ? bench.theirs.times() : timeOurs(cell, bench, execution)

/** The copy of each input into the plan is inside the forward time. */
function timeOurs(cell: Cell, bench: Bench, execution: Execution): Observation[] {
  const inputs = operatorInputs(bench.dataset(cell.dataset), cell)
  const plan = bench.operator(cell.method, execution).plan(inputs.shape, cell.method.params, cell.precision)
  warnOfIdleThreads(plan, rowCount(inputs.shape), execution, bench)
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
  // In KiB, of this process, which is fresh.
  const peak = process.resourceUsage().maxRSS * 1024
  return [...observations, { metric: memoryMetric, unit: 'bytes', better: 'lower', value: peak }]
}
