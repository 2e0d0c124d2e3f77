/** Our metrics beside those of other libraries on the same ranking. */

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

function row(found: PeerMetricValue, lists: JudgedLists): Value[] {
  if ('missing' in found) return [text(found.library), ...[1, 2, 3, 4, 5].map(() => text('–')), text(found.missing)]
  const ours = evaluateAll([parseMetric(found.of)], lists).get(parseMetric(found.of).text)!
  const names = [text(`${found.library} ${found.version}`), text(found.metric), text(found.of)]
  if ('mean' in found) {
    const mean = meanOverQueries(ours)
    return [
      ...names,
      figure(found.mean),
      figure(mean),
      text(`${Math.abs(mean - found.mean).toExponential(1)}`),
      text('means'),
    ]
  }
  const both = found.queries.flatMap((value, q) => (value === null ? [] : [{ theirs: value, ours: ours[q] }]))
  const [theirMean, ourMean] = [
    meanOverQueries(both.map((each) => each.theirs)),
    meanOverQueries(both.map((each) => each.ours)),
  ]
  const largest = both.reduce((most, each) => Math.max(most, Math.abs(each.theirs - each.ours)), 0)
  return [
    ...names,
    figure(theirMean),
    figure(ourMean),
    { text: largest.toExponential(1), data: largest },
    text(`largest of ${both.length} queries`),
  ]
}

/** @param python an interpreter that has some of the libraries */
export function metricPeersTable(python: string, given: JudgedLists): ReportTable {
  const lists = inCommon(given)
  return {
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
    rows: peerMetrics(python, listsOf(lists), cutoffs).map((found) => row(found, lists)),
    notes: [],
  }
}
