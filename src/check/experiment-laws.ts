/** What an experiment must keep to: a pure plan, and observations that a report can read. */

import type { Cell } from '../core/cell.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../core/experiment.ts'
import type { Observation } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import type { Verdict } from './law.ts'

export interface ExperimentTrial {
  readonly scope: Scope
  /** A bench whose clock stands still: the cell runs, nothing is timed. */
  readonly bench: Bench
}

const verdict = (law: string, problem: string | undefined): Verdict =>
  problem === undefined
    ? { status: 'holds', law, rows: 1, kinks: 0, worst: 0 }
    : { status: 'broken', law, rows: 1, counterexample: problem }

function foreignCell(cells: readonly PlannedCell[], { methods, datasets }: Scope): string | undefined {
  const known = new Set([...methods, ...datasets].map(formatRef))
  const foreign = cells.find((cell) => !known.has(formatRef(cell.method)) || !known.has(formatRef(cell.dataset)))
  return foreign && `plans ${formatRef(foreign.method)} on ${formatRef(foreign.dataset)}, which was not selected`
}

function badObservation(observations: readonly Observation[]): string | undefined {
  if (observations.length === 0) return 'a cell gives no observation'
  const names = observations.map(({ metric }) => metric)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice) return `two observations are called "${twice}"`
  const bad = observations.find(({ metric, value }) => !metric || !Number.isFinite(value))
  return bad && `${bad.metric || 'a nameless metric'} is ${bad.value}`
}

async function runOne(
  experiment: Experiment,
  { scope, bench }: ExperimentTrial,
  planned: PlannedCell,
): Promise<Verdict> {
  const cell: Cell = {
    ...planned,
    experiment: scope.experiment,
    version: experiment.version,
    dataDigest: '',
    protocol: '',
  }
  try {
    return verdict('observations', badObservation(await experiment.run(cell, bench)))
  } catch (error) {
    return verdict('observations', error instanceof Error ? error.message : String(error))
  }
}

/** Laws of an experiment: its first cell of our own is run once. */
export async function certifyExperiment(experiment: Experiment, trial: ExperimentTrial): Promise<Verdict[]> {
  const [cells, again] = [experiment.plan(trial.scope), experiment.plan(trial.scope)]
  const planned = cells.find(({ implementation }) => implementation === 'rank-bench')
  if (!planned) return [{ status: 'inconclusive', law: 'plan', reason: 'nothing to measure for what was selected' }]
  return [
    verdict('plan is pure', JSON.stringify(cells) === JSON.stringify(again) ? undefined : 'two plans differ'),
    verdict('plan keeps to the scope', foreignCell(cells, trial.scope)),
    await runOne(experiment, trial, planned),
  ]
}
