/** A run directory -> what reports need. */

import { factsOf } from '../core/dataset.ts'
import { declared } from '../core/measure.ts'
import type { Result, RunCell, Visit } from '../core/result.ts'
import { latestVisits } from '../core/visits.ts'
import { describeEnvironment, type Environment } from '../measure/environment.ts'
import { datasets, experiments, loadPlugins, operators } from '../registry.ts'
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

function entryOf(planned: RunCell, visits: readonly Visit[], rounds: number): Entry {
  const { key, cell, skip } = planned
  const result = skip
    ? { key, cell, status: 'skipped' as const, ...skip }
    : asDeclared(resultOf(key, cell, visits, planned.timed ? rounds : 1))
  return { key, cell, result, visits }
}

/** Read anew every time: plug-ins add to the registries. */
const parameterSpaces = () =>
  new Map([...operators, ...datasets, ...experiments].map(([name, entry]) => [name, entry.params]))

export function toRunData(directory: string, run: RunFile<Environment>, visits: readonly Visit[]): RunData {
  const byKey = visitsByKey(latestVisits(visits))
  return {
    name: run.name,
    directory,
    command: run.command,
    createdAt: run.createdAt,
    machine: describeEnvironment(run.environment),
    engine: run.environment.engine,
    plugins: pluginsOf(run),
    protocol: run.protocol,
    seed: run.seed,
    peers: run.peers,
    dataDigests: run.dataDigests,
    entries: run.cells.map((cell) => entryOf(cell, byKey.get(cell.key) ?? [], run.protocol.rounds)),
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
