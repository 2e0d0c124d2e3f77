/** The story of a run: plan, resume or start, measure, store. Tells what happens through events and prints nothing. */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { requireConfig } from '../config/load.ts'
import { requireRunOptions } from '../config/options.ts'
import type { RunConfig } from '../config/schema.ts'
import { usageError } from '../core/errors.ts'
import { type Profile, type Protocol, profiles } from '../core/protocol.ts'
import type { Visit } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import { dataRoot } from '../datasets/manage.ts'
import { now } from '../measure/clock.ts'
import { type Environment, environmentAdvice, readEnvironment, thisMachine } from '../measure/environment.ts'
import { execute } from '../measure/execute.ts'
import { forgetState } from '../measure/file-keeper.ts'
import { type PlannedVisit, schedule } from '../measure/schedule.ts'
import { version } from '../measure/version.ts'
import { parseMetrics } from '../metrics/metric.ts'
import { datasets, experiments, type LoadedPlugin, loadPlugins, operators, pluginDigests } from '../registry.ts'
import type { RunData } from '../results/view.ts'
import { damageText, type Journal, openJournal } from '../store/journal.ts'
import { lockRun } from '../store/lock.ts'
import {
  cellStatePath,
  journalPath,
  type RunFile,
  readRunFile,
  runFilePath,
  setAsideJournal,
  writeAtomically,
  writeRunFile,
} from '../store/run.ts'
import { samplesToArrow } from '../store/samples.ts'
import { type PythonSystems, pythonSystems } from '../systems/python/adapters.ts'
import { restoreJournal, resumableVisits } from './finished.ts'
import { toRunData } from './load.ts'
import { planRun, type RunPlan } from './plan.ts'
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

function runFileOf(
  config: RunConfig,
  plan: RunPlan,
  peers: RunFile['peers'],
  environment: Environment,
  command: string,
): RunFile<Environment> {
  return {
    format: 1,
    name: config.name,
    command,
    createdAt: now().toISOString(),
    seed: config.seed ?? 1,
    protocol: profiles[config.profile ?? 'standard'],
    config,
    cells: plan.cells,
    dataDigests: plan.dataDigests,
    environment,
    peers,
  }
}

/** @throws RankBenchError(usage) when the directory holds another plan, or this plan measured on another machine. */
function requireSameRun(directory: string, earlier: RunFile<Environment>, now: RunFile<Environment>): void {
  const keys = (run: RunFile) =>
    run.cells
      .map((cell) => cell.key)
      .sort()
      .join()
  if (keys(earlier) !== keys(now)) {
    throw usageError(
      `${directory} holds the run of another plan (${earlier.command})`,
      'choose another --out, or --fresh to start over there',
    )
  }
  requireSameMachine(directory, earlier, now, 'choose another --out, or --fresh')
}

/** @throws RankBenchError(usage) naming the facts that differ. */
function requireSameMachine(
  directory: string,
  { environment: { stable: theirs } }: RunFile<Environment>,
  { environment: { stable: ours } }: RunFile<Environment>,
  hint: string,
): void {
  const facts = Object.keys(ours) as (keyof Environment['stable'])[]
  const different = facts.filter((fact) => theirs[fact] !== ours[fact])
  if (different.length === 0) return
  const list = different.map((fact) => `${fact} ${theirs[fact]}, here ${ours[fact]}`).join('; ')
  throw usageError(`${directory} was measured on another machine or version (${list}); two machines never mix`, hint)
}

/** The stored run file when resuming, else the new one, written. */
function openRun(directory: string, run: RunFile<Environment>, fresh: boolean): RunFile<Environment> {
  if (fresh) setAsideJournal(directory)
  if (!fresh && existsSync(runFilePath(directory))) {
    const earlier = readRunFile<Environment>(directory)
    requireSameRun(directory, earlier, run)
    restoreJournal(directory, earlier)
    return earlier
  }
  writeRunFile(directory, run)
  return run
}

/**
 * Finished visits of another run on this machine, for cells that are planned here too; equal keys are equal content. Timed
 * cells are left out: their rounds belong together.
 * @throws RankBenchError(usage | data) when there is no such run, or it was measured on another machine or version
 */
function adopt(directory: string, run: RunFile<Environment>, from: string): void {
  const other = readRunFile<Environment>(from)
  requireSameMachine(from, other, run, 'leave --reuse out')
  const wanted = new Set(run.cells.filter(({ timed }) => !timed).map(({ key }) => key))
  const journal = openJournal(journalPath(directory))
  const known = new Set(journal.visits.map(({ key }) => key))
  for (const visit of resumableVisits(from, other)) {
    if (visit.outcome.status !== 'measured' || !wanted.has(visit.key) || known.has(visit.key)) continue
    journal.append(visit)
    known.add(visit.key)
  }
  journal.close()
}

/** Visits still to make: nothing that finished is measured twice; failed and timed-out visits are tried again. */
function remaining(planned: readonly PlannedVisit[], visits: readonly Visit[]): PlannedVisit[] {
  const done = new Set(
    visits.filter((visit) => visit.outcome.status === 'measured').map((visit) => `${visit.key}/${visit.round}`),
  )
  return planned.filter((next) => !done.has(`${next.key}/${next.round}`))
}

interface Session {
  readonly directory: string
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
  const planned = remaining(schedule(runnable, run.protocol.rounds, run.seed), journal.visits)
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
      onVisit: (visit) => {
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

/**
 * Measures what was planned into its run directory, resuming what is there, and answers with all that is there now.
 * @throws RankBenchError(usage | data) when the directory holds another run, or cannot be written
 */
export async function measurePlanned(planned: PlannedRun, options: RunOptions = {}): Promise<MeasuredRun> {
  const { config, plan, systems, root, plugins } = planned
  const note = options.events?.note ?? (() => {})
  const environment = readEnvironment(version)
  const directory = options.out ?? join('runs', `${config.name}-${planHash(plan)}`)
  mkdirSync(directory, { recursive: true })
  // Before anything in the folder is read or moved: somebody may be measuring into it.
  const unlock = await lockRun(directory, { onWait: note })
  const { signal, release } = interruptible()
  let journal: Journal | undefined
  try {
    const command = options.command ?? `run(${config.name})`
    const run = openRun(
      directory,
      runFileOf(config, plan, systems.present(), environment, command),
      options.fresh ?? false,
    )
    for (const advice of environmentAdvice(environment)) note(`warning: ${advice}`)
    if (options.reuse !== undefined) adopt(directory, run, options.reuse)
    journal = openJournal(journalPath(directory))
    const visits = await measure({ directory, run, options, systems, root, plugins }, journal, signal)
    writeAtomically(join(directory, 'samples.arrow'), samplesToArrow(visits))
    return { data: toRunData(directory, run, visits), interrupted: signal.aborted }
  } finally {
    journal?.close()
    release()
    unlock()
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
