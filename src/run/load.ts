/** A run directory -> what reports need. */

import { factsOf } from '../core/dataset.ts'
import { declared } from '../core/measure.ts'
import type { Result, RunCell, Visit } from '../core/result.ts'
import { shardText } from '../core/shard.ts'
import { shellWord } from '../core/shell-word.ts'
import { latestVisits } from '../core/visits.ts'
import { describeEnvironment, type Environment } from '../measure/environment.ts'
import { datasets, experiments, loadPlugins, operators } from '../registry.ts'
import { entriesByMachine } from '../results/by-machine.ts'
import { resultOf } from '../results/result-of.ts'
import type { Entry, RunData } from '../results/view.ts'
import { type RunFile, readRunFile } from '../store/run.ts'
import { finishedVisits } from './finished.ts'

function visitsByKey(visits: readonly Visit[]): Map<string, Visit[]> {
  const byKey = new Map<string, Visit[]>()
  for (const visit of visits) {
    const list = byKey.get(visit.key)
    if (list) list.push(visit)
    else byKey.set(visit.key, [visit])
  }
  return byKey
}

/** Units and good sides are those that the experiment declares today, whatever was stored. */
function asDeclared(result: Result): Result {
  const measures = experiments.get(result.cell.experiment.name)?.measures
  if (!measures || result.status !== 'measured') return result
  return { ...result, observations: result.observations.map((each) => declared(measures, each)) }
}

function fold({ key, cell, skip, timed }: RunCell, visits: readonly Visit[], rounds: number): Result {
  return skip ? { key, cell, status: 'skipped', ...skip } : asDeclared(resultOf(key, cell, visits, timed ? rounds : 1))
}

function entriesIn({ cells, machines, protocol }: RunFile<Environment>, visits: readonly Visit[]): Entry[] {
  const timed = new Set(cells.flatMap((planned) => (planned.timed ? [planned.key] : [])))
  const byKey = visitsByKey(latestVisits(visits, timed))
  const folded = (planned: RunCell, own: readonly Visit[]) => fold(planned, own, protocol.rounds)
  if (machines) return entriesByMachine(cells, byKey, folded)
  return cells.map((planned) => {
    const own = byKey.get(planned.key) ?? []
    return { key: planned.key, cell: planned.cell, result: folded(planned, own), visits: own }
  })
}

const machinesOf = ({ machines }: RunFile<Environment>): RunData['machines'] =>
  machines &&
  Object.entries(machines)
    .map(([id, environment]) => ({ id, text: describeEnvironment(environment) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

/** Of a merged run, what goes on in its folder: nobody typed it there. */
const commandOf = ({ command, machines, shard }: RunFile, directory: string): string =>
  machines && !shard ? `${command} --out ${shellWord(directory)}` : command

/** Where it was measured, in one line. */
function machineOf({ environment, machines }: RunFile<Environment>): string {
  const several = Object.keys(machines ?? {}).length
  return several > 1 ? `${several} machines; each table of times says which` : describeEnvironment(environment)
}

/** Read anew every time: plug-ins add to the registries. */
const parameterSpaces = () =>
  new Map([...operators, ...datasets, ...experiments].map(([name, entry]) => [name, entry.params]))

export function toRunData(directory: string, run: RunFile<Environment>, visits: readonly Visit[]): RunData {
  const machines = machinesOf(run)
  return {
    name: run.name,
    directory,
    command: commandOf(run, directory),
    createdAt: run.createdAt,
    machine: machineOf(run),
    ...(machines && { machines }),
    ...(run.shard && { shard: shardText(run.shard) }),
    engine: run.environment.engine,
    plugins: pluginsOf(run),
    protocol: run.protocol,
    seed: run.seed,
    peers: run.peers,
    dataDigests: run.dataDigests,
    entries: entriesIn(run, visits),
    spaces: parameterSpaces(),
    facts: new Map([...datasets].map(([name, dataset]) => [name, factsOf(dataset)])),
    papers: (run.config as { readonly papers?: readonly string[] } | null)?.papers ?? [],
  }
}

const pluginsOf = (run: RunFile): readonly string[] =>
  (run.config as { readonly plugins?: readonly string[] } | null)?.plugins ?? []

/** Plug-ins that the run was measured with, so that its names and reports are known; a report can be made without them. */
async function loadPluginsOf(run: RunFile<Environment>, note: (text: string) => void): Promise<void> {
  for (const path of pluginsOf(run)) {
    await loadPlugins([path]).catch((error: unknown) => {
      note(`${error instanceof Error ? error.message : error}; what it brought is shown as plain numbers`)
    })
  }
}

/**
 * A stored run, ready for tables: results of its cells from what finished.
 * @param note told what a reader should know: a plug-in that cannot be loaded any more
 * @throws RankBenchError(data) when the directory holds no run
 */
export async function loadRun(directory: string, note: (text: string) => void = () => {}): Promise<RunData> {
  const run = readRunFile<Environment>(directory)
  await loadPluginsOf(run, note)
  return toRunData(directory, run, finishedVisits(directory, run))
}
