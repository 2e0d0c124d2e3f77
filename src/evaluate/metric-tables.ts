/** `list metrics`: the metrics, what their conventions are made of, and which tool has which metric under which rules. */

import { type Convention, describeConvention, usual } from '../metrics/convention.ts'
import { metricMeanings, metricNames } from '../metrics/names.ts'
import { type Measure, type Preset, presets } from '../metrics/presets.ts'
import { left, type ReportTable, text } from '../report/table.ts'

const table = (
  title: string,
  about: readonly string[],
  columns: readonly string[],
  rows: readonly string[][],
): ReportTable => ({
  id: title,
  title,
  about,
  columns: columns.map(left),
  rows: rows.map((row) => row.map(text)),
  notes: [],
})

/** `blank=1,short=cut`: what differs from the usual. */
function departures(convention: Convention): string {
  const fields = (Object.keys(usual) as (keyof Convention)[]).filter((field) => convention[field] !== usual[field])
  return fields.map((field) => `${field}=${convention[field]}`).join(',') || 'as usual'
}

const cutoffMarks: Readonly<Record<Measure['cutoff'], string>> = { always: '@k', never: '', either: '[@k]' }

function labelsTaken({ limits }: Measure): string {
  if (!limits) return ''
  const { whole, most } = limits
  return [whole ? 'whole' : '', most === undefined ? '' : `up to ${most}`].filter(Boolean).join(', ')
}

const measureRows = (name: string, { measures }: Preset): string[][] =>
  Object.entries(measures).map(([metric, measure]) => [
    `${metric}${cutoffMarks[measure.cutoff]}:${name}`,
    measure.call,
    departures(measure.convention),
    labelsTaken(measure),
  ])

export const listMetrics = (): ReportTable[] => [
  table(
    'Metrics',
    [],
    ['name', 'meaning'],
    metricNames.map((name) => [name, metricMeanings[name]]),
  ),
  table(
    'Conventions',
    [
      'a metric is named name@k:preset, or spells its convention in brackets: ndcg@10[gain=linear,blank=1]',
      `usual: ${describeConvention(usual)}`,
    ],
    ['preset', 'source'],
    [...presets].map(([name, { source }]) => [name, source]),
  ),
  table(
    'What each tool has',
    ['other metrics under the name of a tool are refused; results/metrics-agreement holds each to the tool itself'],
    ['metric', 'name there', 'convention, where not usual', 'labels'],
    [...presets].flatMap(([name, preset]) => measureRows(name, preset)),
  ),
]
