/** Two stored runs side by side, and whether one machine measured both. */

import type { GateResult } from '../../core/gate.ts'
import type { RunData } from '../../core/report.ts'
import { storedRows } from '../../judge/gate/stored.ts'
import { now } from '../../measure/clock.ts'
import { type Environment, machineId } from '../../measure/environment.ts'
import { findRun } from '../../store/baseline.ts'
import { type RunFile, readRunFile } from '../../store/run.ts'
import { loadRun } from '../load.ts'
import { type GateOptions, gatePlan } from './options.ts'

/** Facts by which two machines are told apart; the version of rank-bench is what is compared. */
function differentFacts(before: Environment, after: Environment): string[] {
  const { rankBench: _before, ...earlier } = before.stable
  const { rankBench: _after, ...later } = after.stable
  const facts = Object.keys(later) as (keyof typeof later)[]
  return facts
    .filter((fact) => earlier[fact] !== later[fact])
    .map((fact) => `${fact} ${earlier[fact]}, now ${later[fact]}`)
}

/** With the one machine of a run under the name that it has beside others. */
const named = (run: RunData, { machines, environment, cells }: RunFile<Environment>): RunData => {
  if (machines) return run
  const timed = new Set(cells.flatMap((cell) => (cell.timed ? [cell.key] : [])))
  const machine = machineId(environment)
  return { ...run, entries: run.entries.map((entry) => (timed.has(entry.key) ? { ...entry, machine } : entry)) }
}

/**
 * @param before directory of a run, or name of a baseline
 * @param after the same of what is judged
 * @throws RankBenchError(data) when one of them is not there
 */
export async function compareRuns(
  before: string,
  after: string,
  options: Pick<GateOptions, 'policy' | 'alarm' | 'pass' | 'command' | 'events'>,
): Promise<GateResult> {
  const folders = [before, after].map(findRun)
  const [earlier, later] = [
    await loadRun(folders[0], options.events?.note),
    await loadRun(folders[1], options.events?.note),
  ]
  const files = folders.map((folder) => readRunFile<Environment>(folder))
  const several = files.some(({ machines }) => machines !== undefined)
  const different = several ? [] : differentFacts(files[0].environment, files[1].environment)
  const [first, second] = several ? [named(earlier, files[0]), named(later, files[1])] : [earlier, later]
  const plan = gatePlan(options)
  return {
    format: 1,
    name: later.name,
    command: options.command ?? 'compareRuns',
    createdAt: now().toISOString(),
    before: { name: before, version: earlier.createdAt },
    after: { name: after, version: later.createdAt },
    machine: later.machine,
    plan,
    rows: storedRows(first, second, options.policy, plan, different),
    failures: later.entries.flatMap(({ cell, result }) =>
      result.status === 'failed' || result.status === 'timeout'
        ? [{ subject: `${cell.experiment.name} ${cell.method.name}`, side: 'after' as const, reason: result.status }]
        : [],
    ),
    rounds: later.protocol.rounds,
    minutes: 0,
    notes: [
      'stored runs: what the machine did between them is in the difference; --against measures both side by side',
    ],
  }
}
