/** rank-bench evaluate: metrics of rankings against judged documents, under named conventions. */

import { type Command, Option } from 'commander'
import { usageError } from '../../core/errors.ts'
import { compareTable } from '../../evaluate/compare.ts'
import { concludeComparison, type UnderMetric } from '../../evaluate/conclusion.ts'
import { metricPeers } from '../../evaluate/peers.ts'
import { type Ranking, type RankingFlags, readRankings } from '../../evaluate/read-ranking.ts'
import { asJson, everyConventionTable, perQueryTable, summaryTable } from '../../evaluate/tables.ts'
import { refuseOntoInput } from '../../files/write.ts'
import { evaluateAll, meanOverQueries } from '../../metrics/evaluate.ts'
import { labelNotes, requireToolLabels } from '../../metrics/judged-lists.ts'
import { type Metric, parseMetrics } from '../../metrics/metric.ts'
import { type Format, formats } from '../../report/formats/formats.ts'
import { rankingsTable } from '../../report/standings.ts'
import type { ReportTable } from '../../report/table.ts'
import { word } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { seconds } from '../limits.ts'
import { integer } from '../numbers.ts'
import { print, printJson, printTo, tell } from '../output.ts'
import { concluded, rendered } from '../screen.ts'

interface EvaluateFlags extends RankingFlags {
  metrics?: string
  conventions?: boolean
  seed: number
  perQuery?: boolean
  peers?: string
  timeout: number
  format: Format
  output?: string
  json?: boolean
}

const spoken = { conventions: 'conventions', perQuery: 'single queries', peers: 'peers' } as const
const optionOf = { conventions: '--conventions', perQuery: '--per-query', peers: '--peers' } as const

/** @throws RankBenchError(usage) for fewer than two files, no metric, or another choice beside --compare */
function requireComparison(flags: EvaluateFlags, metrics: readonly Metric[]): void {
  const { compare, scores, run, feature } = flags
  if (compare!.length < 2) throw usageError(`--compare takes two score files or more; ${compare!.length} given`)
  if (scores !== undefined || run !== undefined || feature !== undefined) {
    throw usageError('--compare names all rankings itself; leave --scores, --run and --feature out')
  }
  const idle = (['conventions', 'perQuery', 'peers'] as const).find((flag) => flags[flag] !== undefined)
  if (idle)
    throw usageError(`--compare shows no ${spoken[idle]}`, `leave ${optionOf[idle]} out, or evaluate one ranking`)
  if (metrics.length === 0) throw usageError('--compare needs --metrics <list>', 'rank-bench list metrics')
}

const underMetrics = (rankings: readonly Ranking[], metrics: readonly Metric[]): UnderMetric[] => {
  const values = rankings.map(({ lists }) => evaluateAll(metrics, lists))
  return metrics.map(({ text: metric }) => ({
    metric,
    systems: rankings.map(({ name }, i) => ({ name, perQuery: values[i].get(metric)! })),
  }))
}

/** Two rankings metric by metric, or which of more may be the best. */
function comparisonTables(rankings: readonly Ranking[], metrics: readonly Metric[], seed: number): ReportTable[] {
  const values = rankings.map(({ lists }) => evaluateAll(metrics, lists))
  if (rankings.length > 2) {
    return metrics.map((metric) =>
      rankingsTable(
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

/** @returns the exit code */
async function evaluate(flags: EvaluateFlags): Promise<number> {
  if (flags.metrics === undefined && !flags.conventions && flags.peers === undefined)
    throw usageError('give --metrics <list> or --conventions', 'rank-bench list metrics')
  const metrics = flags.metrics === undefined ? [] : parseMetrics(flags.metrics)
  if (flags.compare) requireComparison(flags, metrics)
  const { labels, qrels, scores, run, groups, compare = [] } = flags
  refuseOntoInput(flags.output, [labels, qrels, scores, run, groups, ...compare])
  const rankings = await readRankings(flags)
  for (const { lists } of rankings) requireToolLabels(metrics, lists)
  const notes = rankings.flatMap(({ notes, lists }) => [...notes, ...labelNotes(metrics, lists)])
  for (const note of new Set(notes)) tell(`note: ${note}`)
  const write = (tables: readonly ReportTable[]) => {
    printTo(flags.output, rendered(flags.json ? 'json' : flags.format, tables, flags.output !== undefined))
  }
  if (flags.compare) {
    const tables = comparisonTables(rankings, metrics, flags.seed)
    const lines = concludeComparison(underMetrics(rankings, metrics), flags.output)
    printTo(flags.output, concluded(flags.json ? 'json' : flags.format, tables, lines, flags.output !== undefined))
    return exitCode.good
  }
  const [ranking] = rankings
  const values = evaluateAll(metrics, ranking.lists)
  const evaluated = metrics.map((metric) => {
    const perQuery = values.get(metric.text)!
    return { metric, perQuery, mean: meanOverQueries(perQuery) }
  })
  const alone = !flags.conventions && flags.peers === undefined
  if (flags.json && metrics.length > 0 && alone) {
    printJson(asJson(ranking, evaluated, flags.perQuery ?? false))
    return exitCode.good
  }
  const peers =
    flags.peers === undefined ? undefined : await metricPeers(flags.peers, ranking.lists, flags.timeout * 1000)
  write([
    ...(metrics.length > 0 ? [summaryTable((flags.labels ?? flags.qrels)!, ranking.queries.length, evaluated)] : []),
    ...(flags.perQuery ? [perQueryTable(ranking.queries, evaluated)] : []),
    ...(flags.conventions ? [everyConventionTable(ranking.lists)] : []),
    ...(peers ? [peers.table] : []),
  ])
  if (flags.output) print(`evaluate: written to ${flags.output}`)
  return peers?.answered === false ? exitCode.incomplete : exitCode.good
}

/** How files are read, for the help of every verb that reads them. */
const filesHelp =
  'Files are paths, pipes such as <(zcat run.gz), or - for standard input; plain, gzip, or bzip2, xz and zstd where their\n' +
  'programs are installed, told apart by content; any line ends.'

export function addEvaluate(program: Command, finish: Finish): void {
  program
    .command('evaluate')
    .description('metrics of rankings against judged documents, under named conventions')
    .option('--labels <file>', 'LETOR/SVMlight file', word)
    .option(
      '--groups <file>',
      'sizes of its lists, one a line (default: <labels>.query or .group, where that is there)',
      word,
    )
    .option('--zero-based', 'the label file numbers its features from 0')
    .option('--scores <file>', "one number a line, in the order of the label file, or RankLib's three columns", word)
    .option('--feature <i>', 'rank by this feature of the label file, as it numbers them', integer)
    .option(
      '--qrels <file>',
      'TREC judgements: query iteration document relevance, or query document relevance (BEIR)',
      word,
    )
    .option('--run <file>', 'TREC run: query Q0 document rank score tag, or query document rank (MS MARCO)', word)
    .option('--metrics <list>', "e.g. 'ndcg@10:letor4,map:letor4,p@5:letor3,mrr:rax'", word)
    .option('--conventions', 'NDCG of this ranking under every known convention')
    .option(
      '--peers <interpreter>',
      'a Python with pytrec_eval, scikit-learn, lightgbm, xgboost, catboost, torchmetrics, rax or tensorflow_ranking: their metrics beside ours',
      word,
    )
    .option('--timeout <seconds>', 'limit of the interpreter of --peers', seconds, 600)
    .option('--compare <files...>', 'two or more score files (runs with --qrels): differences, intervals, paired tests')
    .option('--seed <n>', 'of the bootstrap in --compare', integer, 1)
    .option('--per-query', 'every query beside the mean')
    .addOption(new Option('--format <name>', 'what to write').choices(Object.keys(formats)).default('terminal'))
    .option('-o, --output <file>', 'write there instead of standard output', word)
    .option('--json', 'one JSON object')
    .addHelpText('after', `\n${filesHelp}`)
    .addHelpText(
      'after',
      examples(
        "rank-bench evaluate --labels test.txt --scores scores.txt --metrics 'ndcg@10:letor4,map:letor4'",
        "rank-bench evaluate --qrels qrels.txt --run run.txt --metrics 'ndcg@10:trec' --per-query",
        'rank-bench evaluate --labels test.txt --metrics ndcg@10:letor4 --compare ours.txt theirs.txt',
      ),
    )
    .action(async (flags: EvaluateFlags) => {
      finish(await evaluate(flags))
    })
}
