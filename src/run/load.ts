/** A run directory -> what reports need. */

import type { RunCell, Turn } from '../core/result.ts'
import { latestTurns } from '../core/turns.ts'
import { describeEnvironment, type Environment } from '../measure/environment.ts'
import { datasets, experiments, operators } from '../registry.ts'
import { foldTurns } from '../results/fold-visits.ts'
import type { Entry, RunData } from '../results/view.ts'
import { readJournal } from '../store/journal.ts'
import { journalPath, type RunFile, readRunFile } from '../store/run.ts'

function turnsByKey(turns: readonly Turn[]): Map<string, Turn[]> {
  const byKey = new Map<string, Turn[]>()
  for (const turn of turns) {
    const list = byKey.get(turn.key)
    if (list) list.push(turn)
    else byKey.set(turn.key, [turn])
  }
  return byKey
}

function entryOf(planned: RunCell, turns: readonly Turn[], rounds: number): Entry {
  const { key, cell, skip } = planned
  const result = skip
    ? { key, cell, status: 'skipped' as const, ...skip }
    : foldTurns(key, cell, turns, planned.timed ? rounds : 1)
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
    protocol: run.protocol,
    seed: run.seed,
    peers: run.peers,
    dataDigests: run.dataDigests,
    entries: run.cells.map((cell) => entryOf(cell, byKey.get(cell.key) ?? [], run.protocol.rounds)),
    spaces: parameterSpaces(),
  }
}

/** @throws RankBenchError(data) when the directory holds no run. */
export const loadRun = (directory: string): RunData =>
  toRunData(directory, readRunFile<Environment>(directory), readJournal(journalPath(directory)).turns)
