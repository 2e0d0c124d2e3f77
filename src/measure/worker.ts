/** Entry of a measuring process: one visit to one cell, then exit. The parent sends the job, the child one outcome. */

import type { Cell } from '../core/cell.ts'
import type { DataContext } from '../core/dataset.ts'
import { RankBenchError } from '../core/errors.ts'
import type { Experiment } from '../core/experiment.ts'
import type { Protocol } from '../core/protocol.ts'
import type { TurnOutcome } from '../core/result.ts'
import { createBench, type Registry } from './bench.ts'

export interface Job {
  readonly cell: Cell
  readonly protocol: Protocol
  readonly data: DataContext
  readonly everyQuery: boolean
  /** Module that exports `operators`, `datasets`, `experiments` and `loadPlugins`. */
  readonly registryUrl: string
  /** Plug-ins that the registry loads before the visit. */
  readonly plugins: readonly string[]
}

type LoadedRegistry = Registry & {
  readonly experiments: ReadonlyMap<string, Experiment>
  loadPlugins(urls: readonly string[]): Promise<unknown>
}

async function visit(job: Job): Promise<TurnOutcome> {
  const registry: LoadedRegistry = await import(job.registryUrl)
  await registry.loadPlugins(job.plugins)
  const experiment = registry.experiments.get(job.cell.experiment.name)
  if (!experiment) throw new Error(`the registry has no experiment "${job.cell.experiment.name}"`)
  const bench = createBench(registry, job.protocol, job.data, job.everyQuery)
  const observations = await experiment.run(job.cell, bench)
  return { status: 'measured', observations, warnings: bench.warnings }
}

export function failure(error: unknown): TurnOutcome {
  const message = error instanceof Error ? error.message : String(error)
  const hint =
    error instanceof RankBenchError
      ? error.hint
      : error instanceof Error
        ? error.stack?.split('\n')[1]?.trim()
        : undefined
  return { status: 'failed', error: hint === undefined ? { message } : { message, hint } }
}

process.once('message', (job: Job) => {
  visit(job)
    .catch(failure)
    .then((outcome) => process.send!(outcome, () => process.disconnect()))
})
// A worker whose parent was killed has nobody to measure for.
process.once('disconnect', () => process.exit(0))
