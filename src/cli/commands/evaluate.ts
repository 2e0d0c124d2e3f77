/** rank-bench evaluate: metrics of rankings against judged documents, under named conventions. */

import { type Command, Option } from 'commander'
import { usageError } from '../../core/errors.ts'
import { compareTable } from '../../evaluate/compare.ts'
import { metricPeersTable } from '../../evaluate/peers.ts'
import { type Ranking, type RankingFlags, readRankings } from '../../evaluate/read-ranking.ts'
import { asJson, everyConventionTable, perQueryTable, summaryTable } from '../../evaluate/tables.ts'
import { evaluateAll, meanOverQueries } from '../../metrics/evaluate.ts'
import { type Metric, parseMetrics } from '../../metrics/metric.ts'
import { type Format, formats } from '../../report/formats.ts'
import { systemsTable } from '../../report/systems-table.ts'
import type { ReportTable } from '../../report/table.ts'
import { exitCode } from '../exit.ts'
import { print, printJson, printTo, tell } from '../output.ts'
import type { Finish } from '../program.ts'
import { integer } from './run.ts'

interface EvaluateFlags extends RankingFlags {
  metrics?: string
  conventions?: boolean
  seed: number
  perQuery?: boolean
  peers?: string
  format: Format
  output?: string
  json?: boolean
}

/** @throws RankBenchError(usage) for fewer than two files, no metric, or another choice beside --compare */
function requireComparison({ compare, scores, run, feature }: EvaluateFlags, metrics: readonly Metric[]): void {
  if (compare!.length < 2) throw usageError(`--compare takes two score files or more; ${compare!.length} given`)
  if (scores !== undefined || run !== undefined || feature !== undefined) {
    throw usageError('--compare names all rankings itself; leave --scores, --run and --feature out')
  }
  if (metrics.length === 0) throw usageError('--compare needs --metrics <list>', 'rank-bench list metrics')
}

/** Two rankings metric by metric, or which of more may be the best. */
function comparisonTables(rankings: readonly Ranking[], metrics: readonly Metric[], seed: number): ReportTable[] {
  const values = rankings.map(({ lists }) => evaluateAll(metrics, lists))
  if (rankings.length > 2) {
    return metrics.map((metric) =>
      systemsTable(
        metric.text,
        rankings.map(({ name }, i) => ({ name, perQuery: values[i].get(metric.text)! })),
        { id: `compare/${metric.text}`, title: `${rankings.length} rankings, ${metric.text}`, about: [] },
      ),
    )
  }
  const compared = metrics.map((metric) => ({
    metric,
    first: values[0].get(metric.text)!,
    second: values[1].get(metric.text)!,
  }))
  return [compareTable([rankings[0].name, rankings[1].name], compared, seed)]
}

async function evaluate(flags: EvaluateFlags): Promise<void> {
  if (flags.metrics === undefined && !flags.conventions && flags.peers === undefined)
    throw usageError('give --metrics <list> or --conventions', 'rank-bench list metrics')
  const metrics = flags.metrics === undefined ? [] : parseMetrics(flags.metrics)
  if (flags.compare) requireComparison(flags, metrics)
  const rankings = await readRankings(flags)
  for (const note of rankings.flatMap(({ notes }) => notes)) tell(`note: ${note}`)
  const write = (tables: readonly ReportTable[]) => {
    printTo(flags.output, formats[flags.json ? 'json' : flags.format](tables))
  }
  if (flags.compare) return write(comparisonTables(rankings, metrics, flags.seed))
  const [ranking] = rankings
  const values = evaluateAll(metrics, ranking.lists)
  const evaluated = metrics.map((metric) => {
    const perQuery = values.get(metric.text)!
    return { metric, perQuery, mean: meanOverQueries(perQuery) }
  })
  if (flags.json && metrics.length > 0) return printJson(asJson(ranking, evaluated, flags.perQuery ?? false))
  write([
    ...(metrics.length > 0 ? [summaryTable((flags.labels ?? flags.qrels)!, ranking.queries.length, evaluated)] : []),
    ...(flags.perQuery ? [perQueryTable(ranking.queries, evaluated)] : []),
    ...(flags.conventions ? [everyConventionTable(ranking.lists)] : []),
    ...(flags.peers === undefined ? [] : [metricPeersTable(flags.peers, ranking.lists)]),
  ])
  if (flags.output) print(`evaluate: written to ${flags.output}`)
}

export function addEvaluate(program: Command, finish: Finish): void {
  program
    .command('evaluate')
    .description('metrics of rankings against judged documents, under named conventions')
    .option('--labels <file>', 'LETOR/SVMlight file, plain or gzip')
    .option('--scores <file>', 'one number a line, in the order of the label file')
    .option('--feature <i>', 'rank by this feature of the label file, 1-based', integer)
    .option('--qrels <file>', 'TREC judgements: query iteration document relevance; plain or gzip')
    .option('--run <file>', 'TREC run: query Q0 document rank score tag')
    .option('--metrics <list>', "e.g. 'ndcg@10:letor4,map:letor4,p@5:letor3,mrr:rax'")
    .option('--conventions', 'NDCG of this ranking under every known convention')
    .option(
      '--peers <interpreter>',
      'a Python with pytrec_eval, scikit-learn, lightgbm or xgboost: their metrics beside ours',
    )
    .option('--compare <files...>', 'two or more score files (runs with --qrels): differences, intervals, paired tests')
    .option('--seed <n>', 'of the bootstrap in --compare', integer, 1)
    .option('--per-query', 'every query beside the mean')
    .addOption(new Option('--format <name>', 'what to write').choices(Object.keys(formats)).default('terminal'))
    .option('-o, --output <file>', 'write there instead of standard output')
    .option('--json', 'one JSON object')
    .action(async (flags: EvaluateFlags) => {
      await evaluate(flags)
      finish(exitCode.good)
    })
}
