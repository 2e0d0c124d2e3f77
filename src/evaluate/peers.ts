/** Our metrics beside those of other libraries on the same ranking. */

import { RankBenchError } from '../core/errors.ts'
import { evaluateAll, type JudgedLists, meanOverQueries } from '../metrics/evaluate.ts'
import { parseMetric } from '../metrics/metric.ts'
import { left, type ReportTable, right, text, type Value } from '../report/table.ts'
import { type PeerList, type PeerMetricValue, peerMetrics } from '../systems/python/metric-peers.ts'

const cutoffs = [1, 5, 10]

/** Lists as both sides read them: scores of 32 bits, and names for documents that have none. */
function inCommon({ offsets, labels, scores, documents }: JudgedLists): JudgedLists {
  const names = documents ?? Array.from({ length: labels.length }, (_, i) => `d${String(i).padStart(9, '0')}`)
  return { offsets, labels, scores: Float32Array.from(scores), documents: names }
}

const listsOf = ({ offsets, labels, scores, documents }: JudgedLists): PeerList[] =>
  Array.from({ length: offsets.length - 1 }, (_, q) => {
    const cut = <T>(values: ArrayLike<T>): T[] => Array.prototype.slice.call(values, offsets[q], offsets[q + 1])
    return { labels: cut(labels), scores: cut(scores), documents: cut(documents!) }
  })

const figure = (value: number): Value => ({ text: value.toFixed(6), data: value })

/** A row that says why there are no numbers. */
const reasonRow = (who: string, reason: string): Value[] => [
  text(who),
  ...[1, 2, 3, 4, 5].map(() => text('–')),
  text(reason),
]

interface Both {
  readonly theirs: number
  readonly ours: number
}

/** Largest difference over queries, or that of the means where a library tells no more. */
function comparedRow(names: Value[], both: readonly Both[], of: string): Value[] {
  const largest = both.reduce((most, { theirs, ours }) => Math.max(most, Math.abs(theirs - ours)), 0)
  const [theirs, ours] = [
    meanOverQueries(both.map((each) => each.theirs)),
    meanOverQueries(both.map((each) => each.ours)),
  ]
  return [...names, figure(theirs), figure(ours), { text: largest.toExponential(1), data: largest }, text(of)]
}

function row(found: PeerMetricValue, lists: JudgedLists): Value[] {
  if ('missing' in found) return reasonRow(found.library, found.missing)
  const who = `${found.library} ${found.version}`
  const metric = parseMetric(found.of)
  const ours = evaluateAll([metric], lists).get(metric.text)!
  const names = [text(who), text(found.metric), text(found.of)]
  if ('mean' in found) return comparedRow(names, [{ theirs: found.mean, ours: meanOverQueries(ours) }], 'means')
  if (found.queries.length !== ours.length)
    return reasonRow(who, `${found.queries.length} values for ${ours.length} queries`)
  const both = found.queries.flatMap((value, q) => (value === null ? [] : [{ theirs: value, ours: ours[q] }]))
  return comparedRow(names, both, `largest of ${both.length} queries`)
}

/** What cannot be compared is a row, whoever is to blame. */
function rowOrReason(found: PeerMetricValue, lists: JudgedLists): Value[] {
  try {
    return row(found, lists)
  } catch (error) {
    if (error instanceof RankBenchError) return reasonRow(found.library, error.message)
    throw error
  }
}

/** Lists that hold documents; libraries have no value of others. */
function withDocuments(lists: JudgedLists): { readonly lists: JudgedLists; readonly empty: number } {
  const ends = lists.offsets.filter((end, q) => q === 0 || end > lists.offsets[q - 1])
  return { lists: { ...lists, offsets: ends }, empty: lists.offsets.length - ends.length }
}

interface MetricPeers {
  readonly table: ReportTable
  /** Whether the interpreter answered, as far as it has libraries. */
  readonly answered: boolean
}

/**
 * @param python an interpreter that has some of the libraries; one that gives no answer in time is a row with the reason
 * @param timeoutMs how long it may take
 */
export async function metricPeers(python: string, given: JudgedLists, timeoutMs: number): Promise<MetricPeers> {
  const { lists, empty } = withDocuments(inCommon(given))
  const outcome = await peerMetrics(python, listsOf(lists), cutoffs, timeoutMs)
  const answered = outcome.status === 'answered'
  const hint =
    'name an interpreter that has pytrec_eval, scikit-learn, lightgbm, xgboost, catboost, torchmetrics, rax or tensorflow_ranking: --peers <interpreter>'
  return {
    answered,
    table: {
      id: 'metric-peers',
      title: 'The same ranking, other libraries',
      about: ['each metric under the convention of the library, computed live; scores rounded to 32 bits for both'],
      columns: [
        left('library'),
        left('its metric'),
        left('ours'),
        right('theirs'),
        right('ours'),
        right('difference'),
        left('of'),
      ],
      rows: answered
        ? outcome.answer.map((found) => rowOrReason(found, lists))
        : [reasonRow(python, `${outcome.status}: ${outcome.reason}`)],
      notes: [...(empty > 0 ? [`${empty} lists without documents are left out`] : []), ...(answered ? [] : [hint])],
    },
  }
}
