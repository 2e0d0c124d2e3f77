/** rank-bench evaluate: metrics of a score file against a LETOR file, under named conventions. */

import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { RankingData } from '../../core/dataset.ts'
import { dataError, usageError } from '../../core/errors.ts'
import { readSvmlight } from '../../datasets/letor/svmlight.ts'
import { evaluateAll, meanOverQueries } from '../../metrics/evaluate.ts'
import { type Metric, parseMetrics } from '../../metrics/metric.ts'
import { json } from '../../report/json.ts'
import { terminal } from '../../report/terminal.ts'
import { type Compared, compareTable } from '../compare-table.ts'
import { asJson, everyConventionTable, perQueryTable, summaryTable } from '../evaluate-tables.ts'
import { exitCode } from '../exit.ts'
import { print, printJson } from '../output.ts'
import type { Finish } from '../program.ts'
import { integer } from './run.ts'

interface EvaluateFlags {
  labels: string
  scores?: string
  feature?: number
  metrics?: string
  conventions?: boolean
  compare?: string[]
  seed: number
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

/** Both rankings under every metric. @throws RankBenchError(usage) unless two score files and some metrics are given */
function compared(data: RankingData, files: readonly string[], metrics: readonly Metric[]): Compared[] {
  if (files.length !== 2) throw usageError(`--compare takes two score files; ${files.length} given`)
  if (metrics.length === 0) throw usageError('--compare needs --metrics <list>', 'rank-bench list metrics')
  const [first, second] = files.map((file) =>
    evaluateAll(metrics, { ...data, scores: parseScores(readText(file), file, data.labels.length) }),
  )
  return metrics.map((metric) => ({ metric, first: first.get(metric.text)!, second: second.get(metric.text)! }))
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  if (flags.metrics === undefined && !flags.conventions)
    throw usageError('give --metrics <list> or --conventions', 'rank-bench list metrics')
  const metrics = flags.metrics === undefined ? [] : parseMetrics(flags.metrics)
  const data = await readSvmlight(flags.labels, {})
  if (flags.compare) {
    const [first, second] = flags.compare
    const tables = [compareTable([first, second], compared(data, flags.compare, metrics), flags.seed)]
    return print(flags.json ? json(tables) : terminal(tables))
  }
  const lists = { ...data, scores: scoresFor(data, flags) }
  const values = evaluateAll(metrics, lists)
  const evaluated = metrics.map((metric) => {
    const perQuery = values.get(metric.text)!
    return { metric, perQuery, mean: meanOverQueries(perQuery) }
  })
  if (flags.json && metrics.length > 0) return printJson(asJson(data, evaluated, flags.perQuery ?? false))
  const tables = [
    ...(metrics.length > 0 ? [summaryTable(flags.labels, data.queries.length, evaluated)] : []),
    ...(flags.perQuery ? [perQueryTable(data, evaluated)] : []),
    ...(flags.conventions ? [everyConventionTable(lists)] : []),
  ]
  print(flags.json ? json(tables) : terminal(tables))
}

export function addEvaluate(program: Command, finish: Finish): void {
  program
    .command('evaluate')
    .description('metrics of a score file against a LETOR file, under named conventions')
    .requiredOption('--labels <file>', 'LETOR/SVMlight file, plain or gzip')
    .option('--scores <file>', 'one number a line, in the order of the label file')
    .option('--feature <i>', 'rank by this feature of the label file, 1-based', integer)
    .option('--metrics <list>', "e.g. 'ndcg@10:letor4,map:letor4,p@5:letor3,mrr:rax'")
    .option('--conventions', 'NDCG of this ranking under every known convention')
    .option('--compare <files...>', 'two score files: difference, interval, paired tests')
    .option('--seed <n>', 'of bootstrap and randomisation in --compare', integer, 1)
    .option('--per-query', 'every query beside the mean')
    .option('--json', 'one JSON object')
    .action(async (flags: EvaluateFlags) => {
      await evaluate(flags)
      finish(exitCode.good)
    })
}
