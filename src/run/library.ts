/**
 * Runs, reports and verdicts for programs: what the verbs of the command line do, as functions that answer with data. Each
 * loads what it needs when it is called, so that a program which only sorts does not wait for it.
 */

import type { RunConfig } from '../config/schema.ts'
import { usageError } from '../core/errors.ts'
import type { GateResult } from '../core/gate.ts'
import type { ReportTable, RunData } from '../core/report.ts'
import type { JudgedPaper } from '../judge/find.ts'
import type { JudgedLists } from '../metrics/judged-lists.ts'
import type { Format } from '../report/formats/formats.ts'
import type { GateOptions } from './gate/options.ts'
import type { Merged, MergeOptions } from './merge/merge.ts'
import type { TableOptions } from './report.ts'
import type { MeasuredRun, RunOptions } from './run.ts'

/**
 * Measures a config, as `rank-bench run` does: every planned cell in a process of its own, journalled and resumable.
 *
 * @example
 * ```ts
 * const suites = [{ experiment: 'example', methods: ['rank:permutahedron[strength=2]'], datasets: ['given[values=5x1x2]'] }]
 * const { data } = await run({ name: 'tiny', suites }, { out: folder })
 * data.entries.map(({ result }) => result.status) // ['measured']
 * ```
 *
 * @param config suites of experiments, methods and data sets, as in a config file
 * @throws RankBenchError(usage | data) as the config cannot be understood, or the directory holds another run
 */
export const run = async (config: RunConfig, options: RunOptions = {}): Promise<MeasuredRun> =>
  (await import('./run.ts')).run(config, options)

/**
 * A stored run, by its directory.
 *
 * @example
 * ```ts
 * const data = await loadRun('results/accuracy')
 * data.name // 'accuracy'
 * ```
 *
 * @throws RankBenchError(usage | data) when there is none
 */
export async function loadRun(directory: string): Promise<RunData> {
  const { requireText } = await import('./given.ts')
  requireText(directory, 'the directory of a run', "'runs/quick-1a2b3c4d'")
  return (await import('./load.ts')).loadRun(directory)
}

export type { Merged, MergeOptions } from './merge/merge.ts'

/**
 * Shards and runs of one plan as one run, as `rank-bench merge` does; in any order, or twice, the same bytes.
 *
 * @example
 * ```ts
 * const suites = [{ experiment: 'example', methods: ['rank:permutahedron[strength=2|3]'], datasets: ['given[values=5x1x2]'] }]
 * for (const shard of ['1/2', '2/2']) await run({ name: 'tiny', suites }, { out: `${folder}-parts`, shard })
 * const merged = await merge([`${folder}-parts`], { out: `${folder}-merged` })
 * merged.measured // 2
 * merged.named // []
 * ```
 *
 * @param runs folders of runs, of shards, or that hold shards
 * @returns what there is, and every cell that is missing, failed, double or has two answers
 * @throws RankBenchError(usage | data) where they are not of one plan, version and data, or cannot be read
 */
export async function merge(runs: readonly string[], options: MergeOptions): Promise<Merged> {
  const { requireText } = await import('./given.ts')
  requireText(options?.out, 'out', "{ out: 'runs/merged' }")
  for (const folder of runs) requireText(folder, 'the directory of a run', "'runs/quick-1a2b3c4d'")
  return (await import('./merge/merge.ts')).mergeRuns(runs, options)
}

/**
 * The tables of a run, in reading order: the conclusion first; the last says what was run, where, on which data.
 *
 * @example
 * ```ts
 * const tables = await report(await loadRun('results/accuracy'))
 * tables[0].id // 'conclusion'
 * tables[1].title // 'What f32 keeps'
 * ```
 *
 * @throws RankBenchError(usage) for what is no run, and for papers and metrics that are not known
 */
export async function report(data: RunData, options: Partial<TableOptions> = {}): Promise<ReportTable[]> {
  const [{ reportTables }, { requireRunData }] = await Promise.all([import('./report.ts'), import('./given.ts')])
  requireRunData(data)
  const { metrics, ...rest } = options
  const { parseMetrics } = await import('../metrics/metric.ts')
  const columns = metrics && parseMetrics(metrics.join()).map(({ text }) => text)
  return reportTables(data, { papers: data.papers ?? [], ...rest, metrics: columns })
}

/**
 * Tables as text: `terminal`, `markdown`, `latex`, `csv`, `json`, `html`.
 *
 * @example
 * ```ts
 * const rankings = [{ name: 'a', perQuery: [0.5, 0.7, 0.6] }, { name: 'b', perQuery: [0.4, 0.6, 0.6] }]
 * const text = await render([await compare('ndcg@10:letor4', rankings)], 'csv')
 * text.includes('ndcg@10:letor4') // true
 * ```
 *
 * @throws RankBenchError(usage) for what are no tables, and for another format
 */
export async function render(tables: readonly ReportTable[], format: Format): Promise<string> {
  const [{ formats }, { requireTables }] = await Promise.all([
    import('../report/formats/formats.ts'),
    import('./given.ts'),
  ])
  requireTables(tables)
  if (Object.hasOwn(formats, format)) return formats[format](tables)
  throw usageError(`there is no format ${JSON.stringify(format)}; expected ${Object.keys(formats).join(', ')}`)
}

/**
 * The published numbers of a paper, each beside what the run measured.
 *
 * @example
 * ```ts
 * const { families } = await judge('letor4-mq2008', await loadRun('results/reproduce'))
 * families[0].numbers[0].judgement.ours // 0.3633...
 * ```
 *
 * @param paper key of one that ships, or a folder of one's own
 */
export async function judge(paper: string, data: RunData): Promise<JudgedPaper> {
  const [{ judgePaper }, { requireRunData, requireText }] = await Promise.all([
    import('../judge/find.ts'),
    import('./given.ts'),
  ])
  requireText(paper, 'the paper', "'fast-soft-sort'")
  requireRunData(data)
  return judgePaper(paper, data)
}

/**
 * Values of every query under each metric, by the canonical name of the metric.
 *
 * @example
 * ```ts
 * const lists = { offsets: Uint32Array.of(0, 3), labels: [0, 2, 1], scores: [2, 1, 0.5] }
 * const values = await evaluate(lists, 'ndcg@10:letor3,map:letor4')
 * values.get('map:letor4') // [7 / 12]
 * ```
 *
 * @param metrics e.g. `ndcg@10:letor4,map:letor4`
 */
export async function evaluate(lists: JudgedLists, metrics: string): Promise<ReadonlyMap<string, Float64Array>> {
  const [{ parseMetrics }, { requireLists, requireText }] = await Promise.all([
    import('../metrics/metric.ts'),
    import('./given.ts'),
  ])
  requireText(metrics, 'metrics', "'ndcg@10:letor4,map:letor4'")
  requireLists(lists)
  return (await import('../metrics/evaluate.ts')).evaluateAll(parseMetrics(metrics), lists)
}

/** One ranking of some: its values a query, NaN where the convention of the metric drops one. */
export interface ComparedRanking {
  readonly name: string
  readonly perQuery: ArrayLike<number>
}

/**
 * Rankings under one metric, the best first, with intervals and paired tests.
 *
 * @example
 * ```ts
 * const rankings = [{ name: 'a', perQuery: [0.4, 0.6, 0.6] }, { name: 'b', perQuery: [0.5, 0.7, 0.6] }]
 * const table = await compare('ndcg@10:letor4', rankings)
 * table.rows.map(([name]) => name.text) // ['b', 'a']
 * ```
 *
 * @throws RankBenchError(usage) when they count other queries
 */
export async function compare(metric: string, rankings: readonly ComparedRanking[]): Promise<ReportTable> {
  const [{ rankingsTable }, { requireRankings, requireText }] = await Promise.all([
    import('../report/standings.ts'),
    import('./given.ts'),
  ])
  requireText(metric, 'the metric', "'ndcg@10:letor4'")
  requireRankings(rankings)
  const title = `${rankings.length} rankings, ${metric}`
  return rankingsTable(metric, rankings, { id: `compare/${metric}`, title, about: [] })
}

export type { GateResult, GateRow, GateVerdict } from '../core/gate.ts'

/** What a gate is told; limits as text, e.g. `time.*=5%`, after those that ship. */
export interface LibraryGateOptions extends Omit<GateOptions, 'policy'> {
  readonly limits?: readonly string[]
}

async function policyOf(limits: readonly string[]): Promise<GateOptions['policy']> {
  const { parsePolicyLine, usualPolicy } = await import('../judge/gate/policy.ts')
  return [...usualPolicy, ...limits.map(parsePolicyLine)]
}

/**
 * Two versions side by side, as `rank-bench gate` measures them.
 *
 * @example
 * ```ts
 * const commands = ['echo size 12 kB']
 * const { rows } = await gate(undefined, { commands, commandsBefore: ['echo size 10 kB'], limits: ['size=5%'], rounds: 8 })
 * rows.find(({ metric }) => metric === 'size')?.verdict // 'regressed'
 * ```
 *
 * @param config cells; undefined where `options.commands` are compared
 * @returns a row a number with its verdict and the differences of every round
 * @throws RankBenchError(usage | data) as what is compared cannot be understood, built or read
 */
export async function gate(
  config: RunConfig | undefined,
  { limits = [], ...options }: LibraryGateOptions,
): Promise<GateResult> {
  const { runGate } = await import('./gate/gate.ts')
  return (await runGate(config, { ...options, policy: await policyOf(limits) })).result
}

/**
 * Two stored runs, cell by cell, as `rank-bench compare` does.
 *
 * @example
 * ```ts
 * const suites = [{ experiment: 'latency', methods: ['rank:sigmoid'], datasets: ['sorting[n=8]'] }]
 * await run({ name: 'tiny', profile: 'quick', suites }, { out: folder })
 * const { rows } = await compareRuns(folder, folder)
 * rows.filter(({ verdict }) => verdict === 'regressed') // []
 * ```
 *
 * @throws RankBenchError(data) when one is not there
 */
export async function compareRuns(
  before: string,
  after: string,
  { limits = [], ...options }: Pick<LibraryGateOptions, 'limits' | 'alarm' | 'pass'> = {},
): Promise<GateResult> {
  const found = await import('./gate/compare.ts')
  return found.compareRuns(before, after, { ...options, policy: await policyOf(limits) })
}
