/** What `evaluate` prints: means with their conventions spelled, each query, one ranking under all conventions. */

import { describeConvention } from '../metrics/convention.ts'
import type { JudgedLists } from '../metrics/evaluate.ts'
import type { Metric } from '../metrics/metric.ts'
import { ndcgConventions } from '../metrics/presets.ts'
import { conventionTable } from '../metrics/table.ts'
import { formatMetric } from '../report/numbers.ts'
import { left, type ReportTable, right, text } from '../report/table.ts'
import type { Ranking } from './read-ranking.ts'

interface Evaluated {
  readonly metric: Metric
  readonly perQuery: Float64Array
  readonly mean: number
}

const isDropped = (value: number): boolean => Number.isNaN(value)

export function summaryTable(labels: string, queries: number, evaluated: readonly Evaluated[]): ReportTable {
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

export function perQueryTable(queries: readonly string[], evaluated: readonly Evaluated[]): ReportTable {
  return {
    id: 'per-query',
    title: 'Each query',
    about: [],
    columns: [left('query'), ...evaluated.map(({ metric }) => right(metric.text))],
    rows: queries.map((query, q) => [
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

export function asJson({ queries, lists }: Ranking, evaluated: readonly Evaluated[], perQuery: boolean): object {
  const byMetric = (pick: (each: Evaluated) => unknown) =>
    Object.fromEntries(evaluated.map((each) => [each.metric.text, pick(each)]))
  return {
    queries: queries.length,
    documents: lists.labels.length,
    metrics: byMetric((each) => each.mean),
    conventions: byMetric((each) => describeConvention(each.metric.convention)),
    ...(perQuery
      ? {
          perQuery: queries.map((query, q) => ({
            query,
            ...byMetric((each) => (isDropped(each.perQuery[q]) ? null : each.perQuery[q])),
          })),
        }
      : {}),
  }
}

const cutoffs = [1, 3, 5, 10]

/** NDCG of one ranking as every known tool or script would print it. */
export function everyConventionTable(lists: JudgedLists): ReportTable {
  const rows = conventionTable(lists, cutoffs).map((row) => [
    text(row.preset),
    ...cutoffs.map((_, i) =>
      row.values ? { text: formatMetric(row.values[i]), data: row.values[i] } : { text: '–', data: null },
    ),
    text(row.values ? describeConvention(ndcgConventions.get(row.preset)!) : row.reason),
  ])
  return {
    id: 'conventions',
    title: 'One ranking, every convention',
    about: ['the same scores, evaluated as each tool or script would'],
    columns: [left('convention'), ...cutoffs.map((k) => right(`NDCG@${k}`)), left('meaning')],
    rows,
    notes: [],
  }
}
