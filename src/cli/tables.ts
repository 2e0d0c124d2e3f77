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
import { type JudgedPaper, judgePaper } from '../judge/find.ts'
import { describeConvention } from '../metrics/convention.ts'
import { ndcgConventions } from '../metrics/presets.ts'
import { claimsTable } from '../report/claims-table.ts'
import { letorTables } from '../report/letor-table.ts'
import { rankTable } from '../report/mean-ranks.ts'
import { observationTables } from '../report/observations-table.ts'
import { summaryTables } from '../report/ranker-summary.ts'
import { rankerSystemTables } from '../report/ranker-systems.ts'
import { left, type ReportTable, text } from '../report/table.ts'
import { verdictTable } from '../report/verdicts.ts'
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
const wasRun = (paper: JudgedPaper): boolean => paper.rows.some((row) => row.foldMeans.length > 0)

/** One claims table a paper, headed by what the numbers are and what counts as reproduced. */
export const paperTables = (judged: readonly JudgedPaper[], commands: boolean): ReportTable[] =>
  judged.flatMap(({ key, config, rows }) => {
    const table = claimsTable(rows, [config.citation, `tolerance: ${config.tolerance.because}`], { commands })
    return present(table && { ...table, id: `claims/${key}`, title: `Published numbers: ${config.title}` })
  })

/** Experiments that are reported in their own way; `example` is judged, its numbers are in the verdicts. */
const ownTables = ['latency', 'letor', 'baseline', 'torchsort', 'speed', 'accuracy', 'example', 'stability', 'fidelity']

/** What a reader grasps at once: the field of rankers, and the verdicts by paper and method. */
export function summary(run: RunData, papers: readonly string[]): ReportTable[] {
  return [...summaryTables(run), ...verdictTable(papers.map((key) => judgePaper(key, run)).filter(wasRun))]
}

export function allTables(run: RunData, options: TableOptions): ReportTable[] {
  const judged = options.papers.map((key) => judgePaper(key, run))
  const claims = judged.flatMap((paper) => paper.rows)
  return [
    ...present(operatorsTable(run)),
    ...summaryTables(run),
    ...verdictTable(judged.filter(wasRun)),
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
    ...paperTables(judged.filter(wasRun), options.commands ?? false),
  ]
}
