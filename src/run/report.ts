/** The report of a run: what its experiments bring, the verdicts on published numbers, and what was run. */

import type { JudgedNumber } from '../core/claim.ts'
import type { Experiment } from '../core/experiment.ts'
import type { Figure, Reporter, ReportOptions, ReportTable, RunData, Section } from '../core/report.ts'
import { type JudgedPaper, judgePaper, numbersOf } from '../judge/find.ts'
import { experiments } from '../registry.ts'
import { absencesTable } from '../report/absences.ts'
import { type ConclusionLine, conclude, conclusionTable } from '../report/conclusion.ts'
import type { Page } from '../report/formats/html.ts'
import { measurementsOf } from '../report/measurements.ts'
import { observationTables } from '../report/observations-table.ts'
import { inOrder, present, tablesAt } from '../report/sections.ts'
import { left, text } from '../report/table.ts'
import { countsTable, familiesTable, numbersTable, powerTable } from '../report/verdicts.ts'
import { computedLine } from '../results/computed.ts'
import { tally } from '../results/tally.ts'
import { sectionsByMachine } from './by-machine.ts'
import { commandOf } from './command-of.ts'

/** States with their counts, those that there are. */
const statesOf = (run: RunData): string =>
  Object.entries(tally(run))
    .flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []))
    .join(', ')

/** What a page says besides its tables. */
export const pageOf = (run: RunData): Page => ({
  name: run.name,
  facts: [
    ['started', run.createdAt.replace(/T(\d\d:\d\d).*Z$/, ' $1 UTC')],
    ['machine', run.machine],
    ['command', run.command],
    ['cells', statesOf(run)],
  ],
  measurements: measurementsOf(run, (entries) => commandOf(entries, run.plugins)),
  samples: 'the folder of the run (samples.arrow, journal.jsonl)',
})

/** What was run, where, on which data: the last table of every report. */
function runTable(run: RunData): ReportTable {
  const facts: [string, string][] = [
    ['command', run.command],
    ['started', run.createdAt],
    ['machine', run.machine],
    ...((run.machines?.length ?? 0) > 1
      ? run.machines!.map(({ id, text: line }): [string, string] => [`machine ${id}`, line])
      : []),
    ...(run.shard === undefined ? [] : [['shard', run.shard] as [string, string]]),
    ...(run.engine === undefined ? [] : [['engine', run.engine] as [string, string]]),
    ...computedLine(run, run.entries).map((line): [string, string] => ['operators', line]),
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

/** A paper none of whose numbers was measured has nothing to judge; its rows stand under the table of its data set. */
const wasRun = (paper: JudgedPaper): boolean =>
  numbersOf(paper).some(({ judgement }) => judgement.ours !== undefined) ||
  paper.families.some(({ certificate }) => certificate !== undefined)

/** What the numbers of each paper came to: families first. */
const verdictTables = (judged: readonly JudgedPaper[]): ReportTable[] => [
  ...familiesTable(judged),
  ...countsTable(judged),
]

/** What each family could have detected, and every number. */
const numberTables = (judged: readonly JudgedPaper[], commands: boolean): ReportTable[] => [
  ...powerTable(judged),
  ...judged.flatMap((paper) => numbersTable(paper, commands)),
]

/** All tables of judged papers. */
export const paperTables = (judged: readonly JudgedPaper[], commands: boolean): ReportTable[] => [
  ...verdictTables(judged),
  ...numberTables(judged, commands),
]

const reporters = (): Promise<{ readonly experiment: Experiment; readonly reporter: Reporter }[]> =>
  Promise.all(
    [...experiments.values()].flatMap((experiment) =>
      experiment.report ? [experiment.report().then((reporter) => ({ experiment, reporter }))] : [],
    ),
  )

/** Plain numbers of experiments without a report of their own, of several machines apart. */
function plainSections(run: RunData, reported: readonly string[]): readonly Section[] {
  if (!run.machines) return present('detail', ...observationTables(run, reported))
  const names = new Set(run.entries.map(({ cell }) => cell.experiment.name))
  return [...names].flatMap((name) => {
    const timed = run.entries.some(({ cell, machine }) => cell.experiment.name === name && machine !== undefined)
    const others = [...names].filter((other) => other !== name)
    return sectionsByMachine(run, { name, timed }, (seen) =>
      present('detail', ...observationTables(seen, [...reported, ...others])),
    )
  })
}

/** What the experiments of a run bring, in the order a reader meets it; those without a report of their own come last. */
async function sectionsOf(run: RunData, options: ReportOptions): Promise<Section[]> {
  const own = await reporters()
  const reported = [...experiments.values()].flatMap(({ name, report }) => (report ? [name] : []))
  return inOrder([
    ...own.flatMap(({ experiment, reporter }) =>
      sectionsByMachine(run, experiment, (seen) => reporter.sections(seen, options)),
    ),
    ...plainSections(run, reported),
  ])
}

const judgedFor = (run: RunData, papers: readonly string[]): JudgedPaper[] => papers.map((key) => judgePaper(key, run))

const rowsOf = (judged: readonly JudgedPaper[]): JudgedNumber[] => judged.flatMap(numbersOf)

/** What a reader grasps at once: the field of rankers, and the verdicts by paper and method. */
async function summary(run: RunData, papers: readonly string[]): Promise<ReportTable[]> {
  const judged = judgedFor(run, papers)
  const sections = await sectionsOf(run, { published: rowsOf(judged) })
  return [...tablesAt(sections, 'summary'), ...verdictTables(judged.filter(wasRun))]
}

/** Every table of a run but the last, `runTable`. */
async function allTables(run: RunData, options: TableOptions): Promise<ReportTable[]> {
  const judged = judgedFor(run, options.papers)
  const { metrics, conventions = false } = options
  const sections = await sectionsOf(run, { published: rowsOf(judged), metrics, conventions })
  return [
    ...tablesAt(sections, 'summary'),
    ...verdictTables(judged.filter(wasRun)),
    ...tablesAt(sections, 'main'),
    ...tablesAt(sections, 'detail'),
    ...numberTables(judged.filter(wasRun), options.commands ?? false),
  ]
}

/** What the run came to, in five lines, with papers that are judged already. */
export async function conclusionWith(run: RunData, judged: readonly JudgedPaper[]): Promise<ConclusionLine[]> {
  const contenders = (await reporters()).flatMap(({ reporter }) => reporter.contenders?.(run) ?? [])
  return conclude(run, judged, contenders)
}

/** What the run came to, in five lines. */
export const conclusionOf = (run: RunData, papers: readonly string[]): Promise<ConclusionLine[]> =>
  conclusionWith(run, judgedFor(run, papers))

const those = (table: ReportTable | undefined): ReportTable[] => (table ? [table] : [])

/** A whole report: the conclusion first, then every table, what has no number, and how it was run. */
export const reportTables = async (run: RunData, options: TableOptions): Promise<ReportTable[]> => [
  conclusionTable(await conclusionOf(run, options.papers)),
  ...(await allTables(run, options)),
  ...those(absencesTable(run)),
  runTable(run),
]

/** A report of what is grasped at once: conclusion, fields and verdicts, what has no number, what was run. */
export const summaryTables = async (run: RunData, papers: readonly string[]): Promise<ReportTable[]> => [
  conclusionTable(await conclusionOf(run, papers)),
  ...(await summary(run, papers)),
  ...those(absencesTable(run)),
  runTable(run),
]

/** Rows that a reader takes in at once. */
const mostRows = 40

const rowsIn = (tables: readonly ReportTable[]): number => tables.reduce((sum, { rows }) => sum + rows.length, 0)

const mostRowsOfOne = 12
const mostAbout = 3

/** The head of a table that is long, with what is left out. */
function cut(table: ReportTable): ReportTable {
  const rest = table.rows.length - mostRowsOfOne
  return {
    ...table,
    about: table.about.slice(0, mostAbout),
    rows: table.rows.slice(0, mostRowsOfOne),
    notes: [...(rest > 0 ? [`${rest} more rows in the whole report`] : []), ...table.notes.slice(0, mostAbout)],
  }
}

interface Brief {
  readonly shown: readonly ReportTable[]
  /** What only the whole report has. */
  readonly left: readonly ReportTable[]
}

/**
 * What a terminal shows after a run: everything where that is little; else what is grasped at once, and where there is no such
 * thing the tables that answer. What has no number is always shown.
 */
export async function brief(run: RunData, papers: readonly string[], full = false): Promise<Brief> {
  const all = await allTables(run, { papers })
  const missing = those(absencesTable(run))
  if (full || rowsIn(all) <= mostRows) return { shown: [...all, ...missing], left: [] }
  const judged = judgedFor(run, papers)
  const sections = await sectionsOf(run, { published: rowsOf(judged) })
  const grasped = [...tablesAt(sections, 'summary'), ...familiesTable(judged.filter(wasRun))]
  const shown = grasped.length > 0 ? grasped : tablesAt(sections, 'main')
  const ids = new Set(shown.map(({ id }) => id))
  return { shown: [...shown, ...missing].map(cut), left: all.filter(({ id }) => !ids.has(id)) }
}

/** All pictures that a run has the numbers for; the plotting library is loaded here. */
export async function figuresOf(run: RunData): Promise<Figure[]> {
  const sections = await sectionsOf(run, { published: [] })
  const drawn = await Promise.all(sections.map((section) => ('figures' in section ? section.figures() : [])))
  return drawn.flat()
}
