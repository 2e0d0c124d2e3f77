/** rank-bench evaluate: metrics of a score file against a LETOR file, under named conventions. */

import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { RankingData } from '../../core/dataset.ts'
import { dataError, usageError } from '../../core/errors.ts'
import { readSvmlight } from '../../datasets/letor/svmlight.ts'
import { describeConvention } from '../../metrics/convention.ts'
import { evaluateAll, meanOverQueries } from '../../metrics/evaluate.ts'
import { type Metric, parseMetrics } from '../../metrics/metric.ts'
import { formatMetric } from '../../report/numbers.ts'
import { left, type ReportTable, right, text } from '../../report/table.ts'
import { terminal } from '../../report/terminal.ts'
import { exitCode } from '../exit.ts'
import { print, printJson } from '../output.ts'
import type { Finish } from '../program.ts'
import { integer } from './run.ts'

interface EvaluateFlags {
  labels: string
  scores?: string
  feature?: number
  metrics: string
  perQuery?: boolean
  json?: boolean
}

/** One finite number a line. @throws RankBenchError(data) with file and line */
export function parseScores(body: string, path: string, expected: number): Float64Array {
  const lines = body.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (lines.length !== expected) {
    throw dataError(
      `${path}: ${lines.length} scores for ${expected} documents; expected one number a line, in the order of the label file`,
    )
  }
  return Float64Array.from(lines, (line, i) => {
    const value = line.trim() === '' ? Number.NaN : Number(line)
    if (Number.isFinite(value)) return value
    throw dataError(`${path}, line ${i + 1}: "${line.slice(0, 40)}" is not a finite number`)
  })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw dataError(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`)
  }
}

/** Feature numbers are 1-based, as LETOR files write them. */
function featureColumn(data: RankingData, feature: number): Float64Array {
  if (feature < 1 || feature > data.width)
    throw usageError(`--feature ${feature}: the file has features 1 to ${data.width}`)
  return Float64Array.from({ length: data.labels.length }, (_, i) => data.features[i * data.width + feature - 1])
}

function scoresFor(data: RankingData, flags: EvaluateFlags): Float64Array {
  if ((flags.scores === undefined) === (flags.feature === undefined))
    throw usageError('give either --scores <file> or --feature <i>')
  if (flags.feature !== undefined) return featureColumn(data, flags.feature)
  return parseScores(readText(flags.scores!), flags.scores!, data.labels.length)
}

interface Evaluated {
  readonly metric: Metric
  readonly perQuery: Float64Array
  readonly mean: number
}

const isDropped = (value: number): boolean => Number.isNaN(value)

function summaryTable(labels: string, queries: number, evaluated: readonly Evaluated[]): ReportTable {
  return {
    id: 'evaluate',
    title: `${labels}: ${queries} queries`,
    about: [],
    columns: [left('metric'), right('mean'), right('queries counted'), left('convention')],
    rows: evaluated.map(({ metric, perQuery, mean }) => [
      text(metric.text),
      { text: formatMetric(mean), data: mean },
      text(String(perQuery.filter((value) => !isDropped(value)).length)),
      text(describeConvention(metric.convention)),
    ]),
    notes: [],
  }
}

function perQueryTable(data: RankingData, evaluated: readonly Evaluated[]): ReportTable {
  return {
    id: 'per-query',
    title: 'Each query',
    about: [],
    columns: [left('query'), ...evaluated.map(({ metric }) => right(metric.text))],
    rows: data.queries.map((query, q) => [
      text(query),
      ...evaluated.map(({ perQuery }) =>
        isDropped(perQuery[q])
          ? { text: 'dropped', data: null }
          : { text: formatMetric(perQuery[q]), data: perQuery[q] },
      ),
    ]),
    notes: [],
  }
}

function asJson(data: RankingData, evaluated: readonly Evaluated[], perQuery: boolean): object {
  const byMetric = (pick: (each: Evaluated) => unknown) =>
    Object.fromEntries(evaluated.map((each) => [each.metric.text, pick(each)]))
  return {
    queries: data.queries.length,
    documents: data.labels.length,
    metrics: byMetric((each) => each.mean),
    conventions: byMetric((each) => describeConvention(each.metric.convention)),
    ...(perQuery
      ? {
          perQuery: data.queries.map((query, q) => ({
            query,
            ...byMetric((each) => (isDropped(each.perQuery[q]) ? null : each.perQuery[q])),
          })),
        }
      : {}),
  }
}

export function addEvaluate(program: Command, finish: Finish): void {
  program
    .command('evaluate')
    .description('metrics of a score file against a LETOR file, under named conventions')
    .requiredOption('--labels <file>', 'LETOR/SVMlight file, plain or gzip')
    .option('--scores <file>', 'one number a line, in the order of the label file')
    .option('--feature <i>', 'rank by this feature of the label file, 1-based', integer)
    .requiredOption('--metrics <list>', "e.g. 'ndcg@10:letor4,map:letor4,p@5:letor3,mrr:rax'")
    .option('--per-query', 'every query beside the mean')
    .option('--json', 'one JSON object')
    .action(async (flags: EvaluateFlags) => {
      const metrics = parseMetrics(flags.metrics)
      const data = await readSvmlight(flags.labels, {})
      const values = evaluateAll(metrics, { ...data, scores: scoresFor(data, flags) })
      const evaluated = metrics.map((metric) => {
        const perQuery = values.get(metric.text)!
        return { metric, perQuery, mean: meanOverQueries(perQuery) }
      })
      if (flags.json) printJson(asJson(data, evaluated, flags.perQuery ?? false))
      else {
        const tables = [summaryTable(flags.labels, data.queries.length, evaluated)]
        print(terminal(flags.perQuery ? [...tables, perQueryTable(data, evaluated)] : tables))
      }
      finish(exitCode.good)
    })
}
