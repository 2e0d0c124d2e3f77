/** A run directory -> what reports need. */

import { factsOf } from '../core/dataset.ts'
import { declared } from '../core/measure.ts'
import type { Result, RunCell, Turn } from '../core/result.ts'
import { latestTurns } from '../core/turns.ts'
import { describeEnvironment, type Environment } from '../measure/environment.ts'
import { datasets, experiments, loadPlugins, operators } from '../registry.ts'
import { foldTurns } from '../results/fold-visits.ts'
import type { Entry, RunData } from '../results/view.ts'
import { type RunFile, readRunFile } from '../store/run.ts'
import { finishedTurns } from './finished.ts'

function turnsByKey(turns: readonly Turn[]): Map<string, Turn[]> {
  const byKey = new Map<string, Turn[]>()
  for (const turn of turns) {
    const list = byKey.get(turn.key)
    if (list) list.push(turn)
    else byKey.set(turn.key, [turn])
  }
  return byKey
}

/** Units and good sides are those that the experiment declares today, whatever was stored. */
function asDeclared(result: Result): Result {
  const measures = experiments.get(result.cell.experiment.name)?.measures
  if (!measures || result.status !== 'measured') return result
  return { ...result, observations: result.observations.map((each) => declared(measures, each)) }
}

function entryOf(planned: RunCell, turns: readonly Turn[], rounds: number): Entry {
  const { key, cell, skip } = planned
  const result = skip
    ? { key, cell, status: 'skipped' as const, ...skip }
    : asDeclared(foldTurns(key, cell, turns, planned.timed ? rounds : 1))
  return { key, cell, result, turns }
}

/** Read anew every time: plug-ins add to the registries. */
const parameterSpaces = () =>
  new Map([...operators, ...datasets, ...experiments].map(([name, entry]) => [name, entry.params]))

export function toRunData(directory: string, run: RunFile<Environment>, turns: readonly Turn[]): RunData {
  const byKey = turnsByKey(latestTurns(turns))
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
  return toRunData(directory, run, finishedTurns(directory, run))
}
