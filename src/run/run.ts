/** The story of a run: plan, resume or start, measure, store. Tells what happens through events and prints nothing. */

import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { requireConfig } from '../config/load.ts'
import { requireRunOptions } from '../config/options.ts'
import type { RunConfig } from '../config/schema.ts'
import { type Profile, type Protocol, profiles } from '../core/protocol.ts'
import type { Visit } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import { dataRoot } from '../datasets/manage.ts'
import { type Environment, environmentAdvice, machineId, readEnvironment, thisMachine } from '../measure/environment.ts'
import { execute } from '../measure/execute.ts'
import { forgetState } from '../measure/file-keeper.ts'
import { version } from '../measure/version.ts'
import { parseMetrics } from '../metrics/metric.ts'
import { datasets, experiments, type LoadedPlugin, loadPlugins, operators, pluginDigests } from '../registry.ts'
import type { RunData } from '../results/view.ts'
import { damageText, type Journal, openJournal } from '../store/journal.ts'
import { type Lock, lockRun } from '../store/lock.ts'
import { hasPlanFile, writePlanFile } from '../store/plan-file.ts'
import { cellStatePath, journalPath, type RunFile, type ShardFacts, writeAtomically } from '../store/run.ts'
import { samplesToArrow } from '../store/samples.ts'
import { type PythonSystems, pythonSystems } from '../systems/python/adapters.ts'
import { toRunData } from './load.ts'
import { adopt, openRun, runFileOf } from './open.ts'
import { planRun, type RunPlan } from './plan.ts'
import { remaining } from './remaining.ts'
import { readShard, shardsOf } from './shards/part.ts'
import { placeOf } from './shards/place.ts'
import { createVisitor } from './visit.ts'

/** What a run tells while it works; a program that asks for nothing is told nothing. */
export interface RunEvents {
  /** A sentence for a reader: what is resumed, what is skipped, what to be wary of. */
  note?(text: string): void
  /** Visits begin; `advance` is called after each with what it measured. */
  progress?(visits: number): { advance(label: string): void; stop(): void }
}

export interface RunOptions {
  /** Run directory; default `runs/<name>-<plan>`. */
  readonly out?: string | undefined
  /** Data root; default RANK_BENCH_DATA, else the cache folder of the user. */
  readonly data?: string | undefined
  /** Python of the peers that ship. */
  readonly python?: string | undefined
  /** Adapters of the user's own peers. */
  readonly peer?: readonly string[] | undefined
  /** Measure again; the earlier journal is kept beside the new one. */
  readonly fresh?: boolean | undefined
  /** Another run whose finished untimed cells are taken. */
  readonly reuse?: string | undefined
  /** Untimed cells at a time; default 2. */
  readonly jobs?: number | undefined
  /** Seconds of one visit; default 600. */
  readonly timeout?: number | undefined
  /** GiB that one measuring process may take; default half of the machine's. */
  readonly memory?: number | undefined
  /** A part of the plan, `2/8`, or `auto`: as a scheduler says. Its folder lies in the run directory. */
  readonly shard?: string | undefined
  /** A run whose visits say what cells cost, for shards that take equally long. */
  readonly costs?: string | undefined
  /** The command that is recorded, and named where a run can be resumed. */
  readonly command?: string | undefined
  readonly events?: RunEvents | undefined
}

const defaultMemoryGiB = (): number => Math.max(1, Math.floor(totalmem() / 2 ** 31))

const planHash = (plan: RunPlan): string =>
  createHash('sha256')
    .update(
      plan.cells
        .map((cell) => cell.key)
        .sort()
        .join(),
    )
    .digest('hex')
    .slice(0, 8)

interface Session {
  readonly directory: string
  readonly lock: Lock
  /** This machine, in the visits of a run that others may take part in. */
  readonly here: string | undefined
  readonly run: RunFile<Environment>
  readonly options: RunOptions
  readonly systems: PythonSystems
  readonly root: string | undefined
  readonly plugins: readonly LoadedPlugin[]
}

async function measure(session: Session, journal: Journal, signal: AbortSignal): Promise<Visit[]> {
  const { run, options } = session
  const { note, progress: begin } = options.events ?? {}
  const runnable = run.cells.filter((cell) => !cell.skip)
  const planned = remaining(run, journal.visits, session.here)
  const visits = [...journal.visits]
  if (journal.visits.length > 0)
    note?.(`resuming ${session.directory}: ${journal.visits.length} visits kept, ${planned.length} to go`)
  if (journal.damaged.length > 0)
    note?.(`warning: ${damageText(journalPath(session.directory), journal.damaged)}; what it held is measured again`)
  const cells = new Map(runnable.map((planned) => [planned.key, planned.cell]))
  const visitor = createVisitor({
    cells,
    protocol: run.protocol,
    data: { root: session.root, seed: run.seed },
    everyQuery: (run.config as RunConfig).everyQuery ?? false,
    plugins: session.plugins.map(({ url, digest }) => ({ url, digest })),
    memoryBytes: (options.memory ?? defaultMemoryGiB()) * 2 ** 30,
    timeoutMs: (options.timeout ?? 600) * 1000,
    statePath: (key) => cellStatePath(session.directory, key),
    systems: session.systems,
    signal,
  })
  const progress = begin?.(planned.length)
  try {
    await execute(planned, {
      jobs: options.jobs ?? 2,
      signal,
      visit: visitor.visit,
      onVisit: (made) => {
        const visit = session.here === undefined ? made : { ...made, machine: session.here }
        session.lock.requireHeld()
        journal.append(visit)
        visits.push(visit)
        if (visit.outcome.status === 'measured') forgetState(cellStatePath(session.directory, visit.key))
        progress?.advance(formatRef(cells.get(visit.key)!.method))
      },
    })
  } finally {
    progress?.stop()
    await visitor.close()
  }
  return visits
}

/** From the keyboard, from a scheduler, from a terminal that closes. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** First interrupt: stop after killing what runs, keep the journal. Second: the shell's own. */
export function interruptible(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController()
  const stop = () => controller.abort()
  for (const name of stopSignals) process.once(name, stop)
  return {
    signal: controller.signal,
    release: () => {
      for (const name of stopSignals) process.removeListener(name, stop)
    },
  }
}

/** What would be measured, and with which systems. */
export interface PlannedRun {
  readonly config: RunConfig
  readonly plan: RunPlan
  readonly protocol: Protocol
  readonly systems: PythonSystems
  readonly root: string | undefined
  readonly plugins: readonly LoadedPlugin[]
}

/**
 * Plans a config: loads its plug-ins, expands its selectors, asks peers what they offer. Measures nothing.
 * @throws RankBenchError(usage | data) as the parts of the config cannot be understood or read
 */
export async function planConfig(given: RunConfig, options: RunOptions = {}): Promise<PlannedRun> {
  requireRunOptions(options)
  const config = requireConfig(given)
  if (Array.isArray(config.everyQuery) && config.everyQuery.length > 0) parseMetrics(config.everyQuery.join())
  const plugins = await loadPlugins(config.plugins ?? [])
  const root = dataRoot({ flag: options.data, env: process.env })
  const systems = pythonSystems(options.python, options.peer ?? [])
  const protocol = profiles[(config.profile ?? 'standard') as Profile]
  const seed = config.seed ?? 1
  const plan = await planRun(
    { suites: config.suites, seed, protocol, data: { root, seed }, machine: thisMachine(), systems },
    { operators, datasets, experiments, pluginDigests },
  )
  for (const note of plan.notes) options.events?.note?.(/^(note|warning): /.test(note) ? note : `note: ${note}`)
  return { config, plan, protocol, systems, root, plugins }
}

export interface MeasuredRun {
  readonly data: RunData
  readonly interrupted: boolean
}

/** The folder that is measured into, and what of the plan. */
interface Place {
  readonly directory: string
  readonly plan: RunPlan
  readonly shard?: ShardFacts
}

/** @throws RankBenchError(usage) where the folder holds shards of something else */
function placeFor({ config, plan, protocol }: PlannedRun, options: RunOptions, note: (text: string) => void): Place {
  const parent = options.out ?? join('runs', `${config.name}-${planHash(plan)}`)
  if (options.shard === undefined) return { directory: parent, plan }
  const { index, count } = readShard(options.shard, note)
  const { parts, facts } = shardsOf(plan.cells, count, protocol, options.costs)
  const shard = facts(index)
  return { directory: placeOf(parent, shard), plan: { ...plan, cells: parts[index - 1] }, shard }
}

/**
 * Measures what was planned into its run directory, resuming what is there, and answers with all that is there now.
 * @throws RankBenchError(usage | data) when the directory holds another run, or cannot be written
 */
export async function measurePlanned(planned: PlannedRun, options: RunOptions = {}): Promise<MeasuredRun> {
  const { config, systems, root, plugins } = planned
  const note = options.events?.note ?? (() => {})
  const environment = readEnvironment(version)
  const { directory, plan, shard } = placeFor(planned, options, note)
  mkdirSync(directory, { recursive: true })
  // Before anything in the folder is read or moved: somebody may be measuring into it.
  const lock = await lockRun(directory, { onWait: note })
  const { signal, release } = interruptible()
  let journal: Journal | undefined
  try {
    const command = options.command ?? `run(${config.name})`
    const file = runFileOf({ config, plan, peers: systems.present(), environment, command, shard })
    const run = openRun(directory, file, options.fresh ?? false)
    // Only now is the folder known to be that of this plan.
    if (shard && (options.fresh || !hasPlanFile(directory))) writePlanFile(directory, planned.plan.cells)
    const here = run.machines && machineId(environment)
    for (const advice of environmentAdvice(environment)) note(`warning: ${advice}`)
    if (options.reuse !== undefined) adopt(directory, run, options.reuse)
    journal = openJournal(journalPath(directory))
    const visits = await measure({ directory, lock, here, run, options, systems, root, plugins }, journal, signal)
    writeAtomically(join(directory, 'samples.arrow'), samplesToArrow(visits))
    return { data: toRunData(directory, run, visits), interrupted: signal.aborted }
  } finally {
    journal?.close()
    release()
    lock.release()
  }
}

/**
 * Measures a config, as `rank-bench run` does: every planned cell in a process of its own, journalled and resumable.
 *
 * @param config suites of experiments, methods and data sets, as in a config file
 * @returns the run as reports want it; `report` makes tables of it
 * @throws RankBenchError(usage | data)
 */
export async function run(config: RunConfig, options: RunOptions = {}): Promise<MeasuredRun> {
  return measurePlanned(await planConfig(config, options), options)
}
