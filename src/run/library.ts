/**
 * Runs, reports and verdicts for programs: what the verbs of the command line do, as functions that answer with data. Each
 * loads what it needs when it is called, so that a program which only sorts does not wait for it.
 */

import type { RunConfig } from '../config/schema.ts'
import type { ReportTable, RunData } from '../core/report.ts'
import type { JudgedPaper } from '../judge/find.ts'
import type { JudgedLists } from '../metrics/judged-lists.ts'
import type { Format } from '../report/formats/formats.ts'
import type { TableOptions } from './report.ts'
import type { MeasuredRun, RunOptions } from './run.ts'

/**
 * Measures a config, as `rank-bench run` does: every planned cell in a process of its own, journalled and resumable.
 *
 * @param config suites of experiments, methods and data sets, as in a config file
 * @throws RankBenchError(usage | data) as the config cannot be understood, or the directory holds another run
 */
export const run = async (config: RunConfig, options: RunOptions = {}): Promise<MeasuredRun> =>
  (await import('./run.ts')).run(config, options)

/** A stored run, by its directory. @throws RankBenchError(data) when there is none */
export const loadRun = async (directory: string): Promise<RunData> => (await import('./load.ts')).loadRun(directory)

/** The tables of a run, in reading order: the conclusion first; the last says what was run, where, on which data. */
export async function report(data: RunData, options: Partial<TableOptions> = {}): Promise<ReportTable[]> {
  const { reportTables } = await import('./report.ts')
  return reportTables(data, { papers: data.papers ?? [], ...options })
}

/** Tables as text: `terminal`, `markdown`, `latex`, `csv`, `json`, `html`. */
export const render = async (tables: readonly ReportTable[], format: Format): Promise<string> =>
  (await import('../report/formats/formats.ts')).formats[format](tables)

/** The published numbers of a paper, each beside what the run measured. @param paper key of one that ships, or a folder of one's own */
export const judge = async (paper: string, data: RunData): Promise<JudgedPaper> =>
  (await import('../judge/find.ts')).judgePaper(paper, data)

/** Values of every query under each metric, by the canonical name of the metric. @param metrics e.g. `ndcg@10:letor4,map:letor4` */
export async function evaluate(lists: JudgedLists, metrics: string): Promise<ReadonlyMap<string, Float64Array>> {
  const { parseMetrics } = await import('../metrics/metric.ts')
  return (await import('../metrics/evaluate.ts')).evaluateAll(parseMetrics(metrics), lists)
}

/** One ranking of some: its values a query, NaN where the convention of the metric drops one. */
export interface ComparedRanking {
  readonly name: string
  readonly perQuery: ArrayLike<number>
}

/** Rankings under one metric, the best first, with intervals and paired tests. @throws RankBenchError(usage) when they count other queries */
export async function compare(metric: string, rankings: readonly ComparedRanking[]): Promise<ReportTable> {
  const { rankingsTable } = await import('../report/standings.ts')
  const title = `${rankings.length} rankings, ${metric}`
  return rankingsTable(metric, rankings, { id: `compare/${metric}`, title, about: [] })
}
