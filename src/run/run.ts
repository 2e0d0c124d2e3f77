/** The story of a run: plan, resume or start, measure, store, report, one closing sentence. */

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RunFlags } from '../cli/commands/run.ts'
import { exitCode } from '../cli/exit.ts'
import { print, tell } from '../cli/output.ts'
import { printPlan } from '../cli/print-plan.ts'
import { startProgress } from '../cli/progress.ts'
import { onScreen, screenOptions } from '../cli/screen.ts'
import { version } from '../cli/version.ts'
import type { RunConfig } from '../config/schema.ts'
import { usageError } from '../core/errors.ts'
import { type Profile, profiles } from '../core/protocol.ts'
import type { Turn } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import { dataRoot } from '../datasets/manage.ts'
import { type Environment, environmentAdvice, readEnvironment } from '../measure/environment.ts'
import { execute } from '../measure/execute.ts'
import { type Slot, schedule } from '../measure/schedule.ts'
import { datasets, experiments, type LoadedPlugin, loadPlugins, operators, pluginDigests } from '../registry.ts'
import { conclusionText } from '../report/conclusion.ts'
import { markdown } from '../report/formats/markdown.ts'
import { closingLine, tally } from '../results/tally.ts'
import type { RunData } from '../results/view.ts'
import { damageText, type Journal, openJournal, readJournal } from '../store/journal.ts'
import { lockRun } from '../store/lock.ts'
import {
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
import { toRunData } from './load.ts'
import { type Plan, planRun } from './plan.ts'
import { brief, conclusionOf, reportTables } from './report.ts'
import { createVisitor } from './visit.ts'

export type MeasureFlags = Pick<
  RunFlags,
  | 'out'
  | 'data'
  | 'python'
  | 'peer'
  | 'fresh'
  | 'reuse'
  | 'dryRun'
  | 'jobs'
  | 'timeout'
  | 'memory'
  | 'progress'
  | 'full'
>

const planHash = (plan: Plan): string =>
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
  plan: Plan,
  peers: RunFile['peers'],
  environment: Environment,
): RunFile<Environment> {
  return {
    format: 1,
    name: config.name,
    command: `rank-bench ${process.argv
      .slice(2)
      .map((word) => (/^[\w./:=,-]+$/.test(word) ? word : `'${word}'`))
      .join(' ')}`,
    createdAt: new Date().toISOString(),
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
  const known = new Set(journal.turns.map(({ key }) => key))
  for (const turn of readJournal(journalPath(from)).turns) {
    if (turn.outcome.status !== 'measured' || !wanted.has(turn.key) || known.has(turn.key)) continue
    journal.append(turn)
    known.add(turn.key)
  }
  journal.close()
}

/** Visits still to make: nothing that finished is measured twice; failed and timed-out visits are tried again. */
function remaining(slots: readonly Slot[], turns: readonly Turn[]): Slot[] {
  const done = new Set(
    turns.filter((turn) => turn.outcome.status === 'measured').map((turn) => `${turn.key}/${turn.round}`),
  )
  return slots.filter((slot) => !done.has(`${slot.key}/${slot.round}`))
}

interface Session {
  readonly directory: string
  readonly run: RunFile<Environment>
  readonly flags: MeasureFlags
  readonly systems: PythonSystems
  readonly root: string | undefined
  readonly plugins: readonly LoadedPlugin[]
}

async function measure(session: Session, journal: Journal, signal: AbortSignal): Promise<Turn[]> {
  const { run, flags } = session
  const runnable = run.cells.filter((cell) => !cell.skip)
  const slots = remaining(schedule(runnable, run.protocol.rounds, run.seed), journal.turns)
  const turns = [...journal.turns]
  if (journal.turns.length > 0)
    tell(`resuming ${session.directory}: ${journal.turns.length} visits kept, ${slots.length} to go`)
  if (journal.damaged.length > 0)
    tell(`warning: ${damageText(journalPath(session.directory), journal.damaged)}; what it held is measured again`)
  const cells = new Map(runnable.map((planned) => [planned.key, planned.cell]))
  const visitor = createVisitor({
    cells,
    protocol: run.protocol,
    data: { root: session.root, seed: run.seed },
    everyQuery: (run.config as RunConfig).everyQuery ?? false,
    plugins: session.plugins.map(({ url, digest }) => ({ url, digest })),
    memoryBytes: flags.memory * 2 ** 30,
    timeoutMs: flags.timeout * 1000,
    systems: session.systems,
    signal,
  })
  const progress = startProgress(slots.length, flags.progress)
  try {
    await execute(slots, {
      jobs: flags.jobs,
      signal,
      visit: visitor.visit,
      onTurn: (turn) => {
        journal.append(turn)
        turns.push(turn)
        progress.advance(formatRef(cells.get(turn.key)!.method))
      },
    })
  } finally {
    progress.stop()
    await visitor.close()
  }
  return turns
}

/** From the keyboard, from a scheduler, from a terminal that closes. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** First interrupt: stop after killing what runs, keep the journal. Second: the shell's own. */
function interruptible(): { readonly signal: AbortSignal; readonly release: () => void } {
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

export interface MeasuredRun {
  readonly data: RunData
  readonly interrupted: boolean
}

/** Measures a config into its run directory and answers with what is there now. Undefined after a dry run. */
export async function measureInto(config: RunConfig, flags: MeasureFlags): Promise<MeasuredRun | undefined> {
  const plugins = await loadPlugins(config.plugins ?? [])
  const root = dataRoot({ flag: flags.data, env: process.env })
  const systems = pythonSystems(flags.python, flags.peer ?? [])
  const protocol = profiles[(config.profile ?? 'standard') as Profile]
  const plan = await planRun(
    {
      suites: config.suites,
      seed: config.seed ?? 1,
      protocol,
      data: { root, seed: config.seed ?? 1 },
      systems,
    },
    { operators, datasets, experiments, pluginDigests },
  )
  for (const note of plan.notes) tell(`note: ${note}`)
  if (flags.dryRun) {
    printPlan(plan, protocol)
    return undefined
  }
  const environment = readEnvironment(version)
  const directory = flags.out ?? join('runs', `${config.name}-${planHash(plan)}`)
  mkdirSync(directory, { recursive: true })
  // Before anything in the folder is read or moved: somebody may be measuring into it.
  const unlock = await lockRun(directory, { onWait: tell })
  const { signal, release } = interruptible()
  let journal: Journal | undefined
  try {
    const run = openRun(directory, runFileOf(config, plan, systems.present(), environment), flags.fresh ?? false)
    for (const advice of environmentAdvice(environment)) tell(`warning: ${advice}`)
    if (flags.reuse !== undefined) adopt(directory, run, flags.reuse)
    journal = openJournal(journalPath(directory))
    const turns = await measure({ directory, run, flags, systems, root, plugins }, journal, signal)
    writeAtomically(join(directory, 'samples.arrow'), samplesToArrow(turns))
    return { data: toRunData(directory, run, turns), interrupted: signal.aborted }
  } finally {
    journal?.close()
    release()
    unlock()
  }
}

/** The five lines that a reader takes away. */
export const printConclusion = (data: RunData, papers: readonly string[]): void =>
  print(conclusionText(conclusionOf(data, papers), screenOptions().width))

/** rank-bench run. @returns the exit code */
export async function measureRun(config: RunConfig, flags: MeasureFlags): Promise<number> {
  const measured = await measureInto(config, flags)
  if (!measured) return exitCode.good
  const { data, interrupted } = measured
  const papers = config.papers ?? []
  writeAtomically(join(data.directory, 'report.md'), markdown(await reportTables(data, { papers })))
  if (interrupted) {
    tell(`interrupted; what finished is kept. To resume: ${data.command}`)
    return exitCode.interrupted
  }
  const { shown, left } = await brief(data, papers, flags.full)
  print(onScreen(shown))
  if (left.length > 0)
    print(
      `${left.length} more tables: rank-bench report ${data.directory}, or run again with --full (nothing is measured twice)\n`,
    )
  printConclusion(data, papers)
  const counts = tally(data)
  const code = counts.failed + counts.timeout + counts.incomplete > 0 ? exitCode.incomplete : exitCode.good
  print(closingLine('run', counts, code, data.directory))
  return code
}
