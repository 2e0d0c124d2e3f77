/** All tables of a run, in reading order. */

import { accuracyTable } from '../experiments/accuracy/table.ts'
import { featureTables } from '../experiments/baseline/feature-table.ts'
import { fidelityTable } from '../experiments/fidelity/table.ts'
import { operatorsTable } from '../experiments/latency/table.ts'
import { choiceTables } from '../experiments/letor/choices-table.ts'
import { conventionTables } from '../experiments/letor/conventions-table.ts'
import { speedTables } from '../experiments/speed/table.ts'
import { stabilityTables } from '../experiments/stability/table.ts'
import { torchsortTable } from '../experiments/torchsort/table.ts'
import { type JudgedPaper, judgePaper, numbersOf } from '../judge/find.ts'
import { describeConvention } from '../metrics/convention.ts'
import { ndcgConventions } from '../metrics/presets.ts'
import { letorTables } from '../report/letor-table.ts'
import { rankTable } from '../report/mean-ranks.ts'
import { observationTables } from '../report/observations-table.ts'
import { summaryTables } from '../report/ranker-summary.ts'
import { rankerSystemTables } from '../report/ranker-systems.ts'
import { left, type ReportTable, text } from '../report/table.ts'
import { countsTable, familiesTable, numbersTable, powerTable } from '../report/verdicts.ts'
import type { RunData } from '../results/view.ts'

/** What was run, where, on which data: the last table of every report. */
export function runTable(run: RunData): ReportTable {
  const facts: [string, string][] = [
    ['command', run.command],
    ['started', run.createdAt],
    ['machine', run.machine],
    ['seed', String(run.seed)],
    ['timed cells', `${run.protocol.rounds} rounds, up to ${run.protocol.samples} samples a process`],
    ...Object.entries(run.peers).map(([peer, versions]): [string, string] => [peer, versions]),
    ...Object.entries(run.dataDigests).map(([data, digest]): [string, string] => [data, digest]),
  ]
  return {
    id: 'run',
    title: 'This run',
    about: [],
    columns: [left('fact'), left('value')],
    rows: facts.map((row) => row.map(text)),
    notes: [],
  }
}

export interface TableOptions {
  readonly papers: readonly string[]
  readonly metrics?: readonly string[] | undefined
  readonly conventions?: boolean
  readonly commands?: boolean
}

const conventionTexts = (): Map<string, string> =>
  new Map([...ndcgConventions].map(([name, convention]) => [name, describeConvention(convention)]))

const present = (table: ReportTable | undefined): ReportTable[] => (table ? [table] : [])

/** A paper none of whose numbers was measured has nothing to judge; its rows stand under the table of its data set. */
const wasRun = (paper: JudgedPaper): boolean =>
  numbersOf(paper).some(({ judgement }) => judgement.ours !== undefined) ||
  paper.families.some(({ certificate }) => certificate !== undefined)

/** What the numbers of each paper came to: families, what they could have detected, every number. */
export const paperTables = (judged: readonly JudgedPaper[], commands: boolean): ReportTable[] => [
  ...familiesTable(judged),
  ...countsTable(judged),
  ...powerTable(judged),
  ...judged.flatMap((paper) => numbersTable(paper, commands)),
]

/** Experiments that are reported in their own way; `example` is judged, its numbers are in the verdicts. */
const ownTables = ['latency', 'letor', 'baseline', 'torchsort', 'speed', 'accuracy', 'example', 'stability', 'fidelity']

/** What a reader grasps at once: the field of rankers, and the verdicts by paper and method. */
export function summary(run: RunData, papers: readonly string[]): ReportTable[] {
  const judged = papers.map((key) => judgePaper(key, run)).filter(wasRun)
  return [...summaryTables(run), ...familiesTable(judged), ...countsTable(judged)]
}

export function allTables(run: RunData, options: TableOptions): ReportTable[] {
  const judged = options.papers.map((key) => judgePaper(key, run))
  const found = judged.filter(wasRun)
  const claims = judged.flatMap(numbersOf)
  return [
    ...present(operatorsTable(run)),
    ...summaryTables(run),
    ...familiesTable(found),
    ...countsTable(found),
    ...letorTables(run, claims, options.metrics),
    ...rankerSystemTables(run),
    ...present(rankTable(run)),
    ...choiceTables(run),
    ...(options.conventions ? conventionTables(run, conventionTexts()) : []),
    ...present(torchsortTable(run)),
    ...speedTables(run),
    ...present(accuracyTable(run)),
    ...stabilityTables(run),
    ...present(fidelityTable(run)),
    ...featureTables(run),
    ...observationTables(run, ownTables),
    ...powerTable(found),
    ...found.flatMap((paper) => numbersTable(paper, options.commands ?? false)),
  ]
}
