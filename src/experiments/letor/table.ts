/** Training results: one table a data set and scorer, metrics under named conventions, published rows beneath. */

import type { JudgedNumber } from '../../core/claim.ts'
import { formatRef, type Ref } from '../../core/selector.ts'
import { parseMetrics } from '../../metrics/metric.ts'
import { formatMetric } from '../../report/numbers.ts'
import { blank, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { foldMeanValue } from '../../report/values.ts'
import { computedLine } from '../../results/computed.ts'
import { absenceNotes, type Entry, observationsOf, type RunData } from '../../results/view.ts'
import { baselinesOf } from '../baseline/rankers.ts'
import { rankerGroups } from './rankers.ts'
import { defaultMetrics } from './settings.ts'

/** Shown when the run has them, in this order; the experiment's `metrics` and `report --metrics` ask for others. */
const headline = [
  'ndcg@1:letor3',
  'ndcg@5:letor3',
  'ndcg@10:letor3',
  'ndcg@10:letor3-padded',
  'ndcg@1:letor4',
  'ndcg@5:letor4',
  'ndcg@10:letor4',
  'map:letor3',
  'map:letor4',
  'ndcg@10:allrank',
  'ndcg@10:trec',
]

/** The official script of the data set decides which LETOR convention leads; that of LETOR 4.0 where there is none. */
const otherScript = (run: RunData, dataset: string): string =>
  run.facts?.get(dataset)?.script === 'letor3' ? ':letor4' : ':letor3'

/** Without a measurement the published rows still have columns to stand in. */
const ofClaims = (claims: readonly JudgedNumber[]): string[] => claims.map((row) => row.ref.metric)

/** Metrics that the plan named; undefined when it left them to the experiment. */
function plannedMetrics({ params }: Ref): readonly string[] | undefined {
  return params.metrics === undefined || params.metrics === defaultMetrics
    ? undefined
    : parseMetrics(String(params.metrics)).map((metric) => metric.text)
}

function metricsFor(
  run: RunData,
  entries: readonly Entry[],
  dataset: string,
  claims: readonly JudgedNumber[],
  asked: readonly string[] | undefined,
): string[] {
  const measured = entries.flatMap((entry) => observationsOf(entry.result).map((each) => each.metric))
  const present = new Set(measured.length > 0 ? measured : ofClaims(claims))
  if (asked) return asked.filter((metric) => present.has(metric))
  return headline.filter((metric) => present.has(metric) && !metric.endsWith(otherScript(run, dataset)))
}

/** Published means over folds, as the column says; with their verdicts where these cells are the ones that were judged. */
function publishedRows(claims: readonly JudgedNumber[], metrics: readonly string[], experiment: string): Value[][] {
  const rows = new Map<string, Value[]>()
  for (const { claim, ref, judgement } of claims) {
    const at = metrics.indexOf(ref.metric)
    if (at < 0 || ref.split !== 'mean') continue
    const label = `published: ${claim.method}, ${claim.paper.split(' (')[0]}`
    const row = rows.get(label) ?? [text(label), ...metrics.map(() => blank)]
    const judged = ref.experiment === experiment && judgement.verdict !== 'not run'
    // A recalled number is one wherever it stands.
    const verdict = judged || judgement.verdict === 'recalled' ? ` ${judgement.verdict}` : ''
    row[at + 1] = { text: `${formatMetric(claim.value)}${verdict}`, data: claim.value }
    rows.set(label, row)
  }
  return [...rows.values()]
}

function seedCount(entries: readonly Entry[]): string {
  const [folds, seeds] = [new Set(entries.map((e) => e.cell.split)).size, new Set(entries.map((e) => e.cell.seed)).size]
  return `${folds} fold${folds === 1 ? '' : 's'} x ${seeds} seed${seeds === 1 ? '' : 's'}`
}

/** Tables of all `letor` cells. `claims`: published rows with their verdicts, shown where data set and metric match. */
export function letorTables(run: RunData, claims: readonly JudgedNumber[], asked?: readonly string[]): ReportTable[] {
  return rankerGroups(run).map(({ label, dataset, cell, entries, rankers }) => {
    const matching = claims.filter((row) => row.ref.dataset === cell.dataset.name)
    const metrics = metricsFor(run, entries, cell.dataset.name, matching, asked ?? plannedMetrics(cell.experiment))
    const field = [...rankers, ...baselinesOf(run, dataset)]
    const ours = field.map(({ name, entries: own }) => [
      text(name),
      ...metrics.map((metric) => foldMeanValue(own, metric)),
    ])
    return {
      id: `letor/${label} on ${dataset}`,
      title: `Ranking quality: ${label} on ${dataset}`,
      about: [
        `test parts, ${seedCount(entries)}; mean over folds ± half the 95 % Student interval of the fold means; the convention is part of each metric's name`,
        'folds differ in difficulty, so these intervals are wide; every choice was made on the validation part only',
        ...computedLine(run, entries),
        run.machine,
      ],
      columns: [left('loss'), ...metrics.map(right)],
      rows: [...ours, ...publishedRows(matching, metrics, formatRef(cell.experiment))],
      rowKeys: field.map(({ entries: own }) => own.map(({ key }) => key)),
      notes: absenceNotes(run, entries),
    }
  })
}
