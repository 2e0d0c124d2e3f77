/** Entry of a measuring process: one visit to one cell, then exit. The parent sends the job, the child one answer. */

import type { Cell } from '../core/cell.ts'
import type { DataContext } from '../core/dataset.ts'
import { RankBenchError } from '../core/errors.ts'
import type { EveryQuery, Experiment } from '../core/experiment.ts'
import type { OpenNetwork } from '../core/network.ts'
import type { Protocol } from '../core/protocol.ts'
import type { VisitOutcome } from '../core/result.ts'
import { engineMissing } from '../engine/kernels.ts'
import { createBench, type Registry } from './bench.ts'
import { fileKeeper } from './file-keeper.ts'
import { type Answer, failed, outcomeOf } from './outcome.ts'
import { watch } from './watchdog.ts'

/** A plug-in that the registry loads before the visit, and what it was when the run was planned. */
export interface PlannedPlugin {
  readonly url: string
  readonly digest: string
}

export interface Job {
  readonly cell: Cell
  readonly protocol: Protocol
  readonly data: DataContext
  readonly everyQuery: EveryQuery
  /** Module that exports `operators`, `datasets`, `experiments` and `loadPlugins`. */
  readonly registryUrl: string
  readonly plugins: readonly PlannedPlugin[]
  /** Module that exports `openNetworks`, and the interpreter it is given; absent where no peer is needed. */
  readonly network?: { readonly url: string; readonly python: string }
  /** File that the state of the cell is kept in until it is measured; absent where nothing is kept. */
  readonly statePath?: string
  /** The process is ended when it takes more. */
  readonly memoryBytes: number
}

/** A job as it travels: the token marks the answer, because plug-ins in the process can send messages too. */
export interface Errand {
  readonly token: string
  readonly parent: number
  readonly job: Job
}

type LoadedRegistry = Registry & {
  readonly experiments: ReadonlyMap<string, Experiment>
  loadPlugins(urls: readonly string[]): Promise<readonly PlannedPlugin[]>
}

const startOver = 'leave it alone while a run is measuring, and start over with --fresh'

async function loadPlanned(registry: LoadedRegistry, plugins: readonly PlannedPlugin[]): Promise<void> {
  const loaded = await registry.loadPlugins(plugins.map(({ url }) => url))
  const changed = plugins.find(({ digest }, i) => loaded[i].digest !== digest)
  if (changed) throw new RankBenchError('data', `${changed.url} changed under the run`, { hint: startOver })
}

/** After the visit: whatever was read in it was the planned data, or the visit does not count. */
async function requirePlannedData(registry: LoadedRegistry, { cell, data }: Job): Promise<void> {
  const dataset = registry.datasets.get(cell.dataset.name)
  if (!dataset) return
  const { reads } = registry.experiments.get(cell.experiment.name)!
  const isPlanned =
    (await dataset.digest(cell.dataset.params, data)) === cell.dataDigest &&
    (!reads || (await reads(cell, dataset, data)) === cell.reads)
  if (isPlanned) return
  throw new RankBenchError('data', `the files of ${cell.dataset.name} changed under the run`, { hint: startOver })
}

/** A cell that was planned for the engine is not computed by anybody else. */
function requirePlannedEngine({ usesEngine }: Experiment, cell: Cell): void {
  if (cell.engine === 'reference' || !usesEngine?.(cell, cell.experiment)) return
  const missing = engineMissing()
  if (missing)
    throw new RankBenchError('usage', `the engine was lost under the run: ${missing.reason}`, { hint: missing.cure })
}

async function networkOf({ network }: Job): Promise<OpenNetwork | undefined> {
  if (!network) return undefined
  const { openNetworks }: { openNetworks(python: string): OpenNetwork } = await import(network.url)
  return openNetworks(network.python)
}

async function visit(job: Job): Promise<VisitOutcome> {
  const registry: LoadedRegistry = await import(job.registryUrl)
  await loadPlanned(registry, job.plugins)
  const experiment = registry.experiments.get(job.cell.experiment.name)
  if (!experiment) throw new Error(`the registry has no experiment "${job.cell.experiment.name}"`)
  requirePlannedEngine(experiment, job.cell)
  const bench = {
    ...createBench(registry, job.protocol, job.data, job.everyQuery, job.cell),
    network: await networkOf(job),
    keeper: job.statePath === undefined ? undefined : fileKeeper(job.statePath),
  }
  const observations = await experiment.run(job.cell, bench)
  await requirePlannedData(registry, job)
  return outcomeOf(observations, { warnings: bench.warnings, computedBy: bench.computedBy(job.cell.method.name) })
}

function failure(error: unknown): VisitOutcome {
  if (error instanceof RankBenchError) return failed(error.message, error.hint)
  if (error instanceof Error) return failed(error.message, error.stack?.split('\n')[1]?.trim())
  return failed(String(error))
}

// Held here: plug-ins may replace what hangs on `process`.
const send = process.send?.bind(process)
const disconnect = process.disconnect?.bind(process)

process.once('message', ({ token, parent, job }: Errand) => {
  watch({ parent, memoryBytes: job.memoryBytes })
  visit(job)
    .catch(failure)
    .then((outcome) => send!({ token, outcome } satisfies Answer, () => disconnect!()))
})
// A worker whose parent was killed has nobody to measure for; where a subject never returns, the watchdog sees to it.
process.once('disconnect', () => process.exit(0))
