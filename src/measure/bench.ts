/** What a cell may ask of the harness, inside its own process. */

import type { Cell } from '../core/cell.ts'
import type { DataContext, Dataset } from '../core/dataset.ts'
import { dataError, usageError } from '../core/errors.ts'
import type { Bench, EveryQuery } from '../core/experiment.ts'
import { type Engine, executed, type OperatorSpec } from '../core/method.ts'
import type { Protocol } from '../core/protocol.ts'
import type { ComputedBy, Observation, Warning } from '../core/result.ts'
import { ours, reference } from '../core/system.ts'
import { median } from '../stats/quantile.ts'
import { nowNs, timerTickNs } from './clock.ts'
import { measureGrowth } from './growth.ts'
import { guardSamples } from './guards.ts'
import { planBytes } from './plan-bytes.ts'
import { runBatches } from './tinybench.ts'

/** What a registry module exports; loaded by URL, so that built-ins and plug-ins look the same. */
export interface Registry {
  readonly operators: ReadonlyMap<string, OperatorSpec>
  readonly datasets: ReadonlyMap<string, Dataset>
}

const ticksPerBatch = 1000

/** Accuracy of the clock and cost of calling nothing: found once a process, on the first timing. */
interface Control {
  readonly batchNs: number
  readonly emptyNs: number
}

function measureControl(protocol: Protocol): Control {
  const batchNs = Math.max(protocol.batchNs, ticksPerBatch * timerTickNs())
  const empty = runBatches('empty', () => {}, { ...protocol, samples: 5, batchNs })
  return { batchNs, emptyNs: median(empty.samples) }
}

/** The operator, with whoever carries out a plan of it written down. */
const recorded = (spec: OperatorSpec, by: Set<Engine>): OperatorSpec => ({
  ...spec,
  plan(shape, params, precision) {
    const plan = spec.plan(shape, params, precision)
    by.add(plan.engine ?? 'reference')
    return plan
  },
})

/** What a bench keeps of a visit besides what it answers. */
interface Kept {
  readonly warnings: Warning[]
  /** Who carried out plans of an operator, by its name; undefined for one that was not planned. */
  computedBy(name: string): ComputedBy | undefined
}

/** @param cell who it is of, this build or its reference, and whether the machine has the engine it is meant for */
export function createBench(
  registry: Registry,
  protocol: Protocol,
  data: DataContext,
  everyQuery: EveryQuery = false,
  { system, engine }: Pick<Cell, 'system' | 'engine'> = { system: ours },
): Bench & Kept {
  // Whatever an experiment asks for: what stands under the name of the reference was computed by it.
  const only = system === reference ? 'reference' : engine
  const warnings: Warning[] = []
  const planned = new Map<string, Set<Engine>>()
  let control: Control | undefined
  const time = (metric: string, call: () => void): Observation => {
    control ??= measureControl(protocol)
    const { samples } = runBatches(metric, call, { ...protocol, batchNs: control.batchNs })
    warnings.push(...guardSamples(metric, samples, control.emptyNs))
    return { metric, unit: 'ns', better: 'lower', value: median(samples), samples }
  }
  const operator: Bench['operator'] = (ref, execution = { engine: 'reference' }) => {
    const found = registry.operators.get(ref.name)
    if (!found) throw usageError(`no method is called "${ref.name}"`, 'rank-bench list methods')
    const by = planned.get(ref.name) ?? new Set()
    planned.set(ref.name, by)
    return recorded(executed(found, only ? { ...execution, engine: only } : execution), by)
  }
  return {
    data,
    everyQuery,
    warnings,
    time,
    warn: (warning) => void warnings.push(warning),
    operator,
    elapsed(work) {
      const start = nowNs()
      work()
      return nowNs() - start
    },
    growth: (ref, execution = {}) => measureGrowth(operator(ref, execution), ref.params),
    bytes: planBytes,
    computedBy: (name) => ([...(planned.get(name) ?? [])].sort().join('+') || undefined) as ComputedBy | undefined,
    dataset: (ref) => {
      const found = registry.datasets.get(ref.name)
      if (!found) throw dataError(`no data set is called "${ref.name}"`, 'rank-bench data list')
      return found
    },
  }
}
