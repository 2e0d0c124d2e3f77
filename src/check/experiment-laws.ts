/** What an experiment must keep to: a pure plan, and observations that a report can read. */

import type { Cell } from '../core/cell.ts'
import { isOurs } from '../core/cell.ts'
import type { Bench, Experiment, PlannedCell, Scope } from '../core/experiment.ts'
import { type Measures, measureOf } from '../core/measure.ts'
import type { RunData } from '../core/report.ts'
import type { Observation, Visit } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import type { LawVerdict } from './law.ts'

interface ExperimentTrial {
  readonly scope: Scope
  /** A bench whose clock stands still: the cell runs, nothing is timed. */
  readonly bench: Bench
}

const verdict = (law: string, problem: string | undefined): LawVerdict =>
  problem === undefined
    ? { status: 'holds', law, rows: 1, kinks: 0, worst: 0 }
    : { status: 'broken', law, rows: 1, counterexample: problem }

function foreignCell(cells: readonly PlannedCell[], { methods, datasets }: Scope): string | undefined {
  const known = new Set([...methods, ...datasets].map(formatRef))
  const foreign = cells.find((cell) => !known.has(formatRef(cell.method)) || !known.has(formatRef(cell.dataset)))
  return foreign && `plans ${formatRef(foreign.method)} on ${formatRef(foreign.dataset)}, which was not selected`
}

/** Whether a map has another number of samples than the axes that its measure names. */
function isUneven({ metric, samples }: Observation, all: readonly Observation[], measures: Measures): boolean {
  const axes = measureOf(measures, metric)?.axes
  if (!axes) return false
  const lengths = axes.map((axis) => all.find((each) => each.metric === axis)?.samples?.length ?? 0)
  return lengths.reduce((product, length) => product * length, 1) !== samples?.length
}

function badObservation(observations: readonly Observation[], measures: Measures): string | undefined {
  if (observations.length === 0) return 'a cell gives no observation'
  const names = observations.map(({ metric }) => metric)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice) return `two observations are called "${twice}"`
  const foreign = observations.find(({ metric }) => measureOf(measures, metric) === undefined)
  if (foreign) return `"${foreign.metric}" is no measure that it declares`
  const uneven = observations.find((each) => isUneven(each, observations, measures))
  if (uneven) return `"${uneven.metric}" has ${uneven.samples?.length ?? 0} samples, which its axes do not multiply to`
  const bad = observations.find(({ metric, value }) => !metric || !Number.isFinite(value))
  return bad && `${bad.metric || 'a nameless metric'} is ${bad.value}`
}

async function runOne(
  experiment: Experiment,
  { scope, bench }: ExperimentTrial,
  planned: PlannedCell,
): Promise<LawVerdict[]> {
  const cell: Cell = {
    ...planned,
    experiment: scope.experiment,
    version: experiment.version,
    dataDigest: '',
    protocol: '',
  }
  const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
  try {
    const observations = await experiment.run(cell, bench)
    const observed = verdict('observations', badObservation(observations, experiment.measures))
    const report = await badReport(experiment, cell, observations).catch(messageOf)
    return [observed, ...(experiment.report ? [verdict('report', report)] : [])]
  } catch (error) {
    return [verdict('observations', messageOf(error))]
  }
}

/** A run of one cell, as its report would see it. */
const trialRun = (cell: Cell, observations: readonly Observation[]): RunData => {
  const outcome = { status: 'measured' as const, observations, warnings: [] }
  const visit: Visit = { key: 'trial', round: 0, startedAt: '', elapsedMs: 0, outcome }
  return {
    name: 'trial',
    directory: '',
    command: '',
    createdAt: '',
    machine: 'this machine',
    protocol: { rounds: 1, samples: 1 },
    seed: cell.seed,
    peers: {},
    dataDigests: {},
    entries: [{ key: 'trial', cell, result: { key: 'trial', cell, ...outcome }, visits: [visit] }],
    spaces: new Map(),
  }
}

/** What is wrong with the tables and pictures of a run of one cell. */
async function badReport(
  { report }: Experiment,
  cell: Cell,
  observations: readonly Observation[],
): Promise<string | undefined> {
  if (!report) return undefined
  const sections = (await report()).sections(trialRun(cell, observations), { published: [] })
  for (const section of sections) {
    if ('figures' in section) {
      const bad = (await section.figures()).find(({ svg }) => !svg.startsWith('<svg'))
      if (bad) return `the picture "${bad.name}" is no SVG`
      continue
    }
    const { id, columns, rows } = section.table
    const uneven = rows.find((row) => row.length !== columns.length)
    if (uneven) return `the table "${id}" has a row of ${uneven.length} values under ${columns.length} columns`
  }
  return undefined
}

/** Laws of an experiment: its first cell of our own is run once. */
export async function certifyExperiment(experiment: Experiment, trial: ExperimentTrial): Promise<LawVerdict[]> {
  const [cells, again] = [experiment.plan(trial.scope), experiment.plan(trial.scope)]
  const planned = cells.find(isOurs)
  if (!planned) return [{ status: 'inconclusive', law: 'plan', reason: 'nothing to measure for what was selected' }]
  return [
    verdict('plan is pure', JSON.stringify(cells) === JSON.stringify(again) ? undefined : 'two plans differ'),
    verdict('plan keeps to the scope', foreignCell(cells, trial.scope)),
    ...(await runOne(experiment, trial, planned)),
  ]
}
