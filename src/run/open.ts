/** The folder that a run measures into: made anew, or opened to go on in, where it holds the same plan. */

import { existsSync } from 'node:fs'
import type { RunConfig } from '../config/schema.ts'
import { usageError } from '../core/errors.ts'
import { profiles } from '../core/protocol.ts'
import { now } from '../measure/clock.ts'
import { type Environment, machineId } from '../measure/environment.ts'
import { openJournal } from '../store/journal.ts'
import {
  journalPath,
  type RunFile,
  readRunFile,
  runFilePath,
  type ShardFacts,
  setAsideJournal,
  writeRunFile,
} from '../store/run.ts'
import { restoreJournal, resumableVisits } from './finished.ts'
import type { RunPlan } from './plan.ts'

interface Opening {
  readonly config: RunConfig
  readonly plan: RunPlan
  readonly peers: RunFile['peers']
  readonly environment: Environment
  readonly command: string
  readonly shard?: ShardFacts | undefined
}

export function runFileOf({ config, plan, peers, environment, command, shard }: Opening): RunFile<Environment> {
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
    // A shard may be given to another machine when its own is gone.
    ...(shard && { shard, machines: { [machineId(environment)]: environment } }),
  }
}

/** @throws RankBenchError(usage) when the directory holds another plan, or this plan measured on another machine. */
function requireSameRun(directory: string, earlier: RunFile<Environment>, now: RunFile<Environment>): void {
  const keys = (run: RunFile) =>
    run.cells
      .map((cell) => cell.key)
      .sort()
      .join()
  if (keys(earlier) !== keys(now) || earlier.shard?.plan !== now.shard?.plan) {
    throw usageError(
      `${directory} holds the run of another plan (${earlier.command})`,
      'choose another --out, or --fresh to start over there',
    )
  }
  const hint = 'choose another --out, or --fresh'
  if (earlier.machines) requireSameVersion(directory, earlier, now, hint)
  else requireSameMachine(directory, earlier, now, hint)
}

type Facts = (keyof Environment['stable'])[]

/** @throws RankBenchError(usage) naming the facts that differ. */
function requireSameMachine(
  directory: string,
  earlier: RunFile<Environment>,
  now: RunFile<Environment>,
  hint: string,
): void {
  const list = differences(earlier, now, Object.keys(now.environment.stable) as Facts)
  if (list === '') return
  throw usageError(`${directory} was measured on another machine or version (${list}); two machines never mix`, hint)
}

/** Of a run that several machines take part in: their visits are kept apart, but one version measures all. */
function requireSameVersion(
  directory: string,
  earlier: RunFile<Environment>,
  now: RunFile<Environment>,
  hint: string,
): void {
  const list = differences(earlier, now, ['rankBench'])
  if (list !== '') throw usageError(`${directory} was measured by another version (${list})`, hint)
}

function differences(earlier: RunFile<Environment>, later: RunFile<Environment>, facts: Facts): string {
  const [theirs, ours] = [earlier.environment.stable, later.environment.stable]
  const different = facts.filter((fact) => theirs[fact] !== ours[fact])
  return different.map((fact) => `${fact} ${theirs[fact]}, here ${ours[fact]}`).join('; ')
}

/** With this machine among those that take part, where several may. */
function joined(directory: string, earlier: RunFile<Environment>, { environment }: RunFile<Environment>) {
  const id = machineId(environment)
  if (!earlier.machines || earlier.machines[id]) return earlier
  const run = { ...earlier, machines: { ...earlier.machines, [id]: environment } }
  writeRunFile(directory, run)
  return run
}

/** The stored run file when resuming, else the new one, written. */
export function openRun(directory: string, run: RunFile<Environment>, fresh: boolean): RunFile<Environment> {
  if (fresh) setAsideJournal(directory)
  if (!fresh && existsSync(runFilePath(directory))) {
    const earlier = readRunFile<Environment>(directory)
    requireSameRun(directory, earlier, run)
    restoreJournal(directory, earlier)
    return joined(directory, earlier, run)
  }
  writeRunFile(directory, run)
  return run
}

/**
 * Finished visits of another run on this machine, for cells that are planned here too; equal keys are equal content. Timed
 * cells are left out: their rounds belong together.
 * @throws RankBenchError(usage | data) when there is no such run, or it was measured on another machine or version
 */
export function adopt(directory: string, run: RunFile<Environment>, from: string): void {
  const other = readRunFile<Environment>(from)
  requireSameMachine(from, other, run, 'leave --reuse out')
  const wanted = new Set(run.cells.filter(({ timed }) => !timed).map(({ key }) => key))
  const journal = openJournal(journalPath(directory))
  const known = new Set(journal.visits.map(({ key }) => key))
  for (const visit of resumableVisits(from, other)) {
    if (visit.outcome.status !== 'measured' || !wanted.has(visit.key) || known.has(visit.key)) continue
    journal.append(run.machines && !visit.machine ? { ...visit, machine: machineId(other.environment) } : visit)
    known.add(visit.key)
  }
  journal.close()
}
