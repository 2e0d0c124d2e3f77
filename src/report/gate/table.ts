/** A gate as tables: a row a number with its reason; times, counts, sizes and results apart from each other. */

import type { GateKind, GateResult, GateRow } from '../../core/gate.ts'
import { formatTime, significant } from '../numbers.ts'
import { blank, left, type ReportTable, right, text, type Value } from '../table.ts'
import { changeText, limitText } from './words.ts'

const titles: Readonly<Record<GateKind, string>> = {
  time: 'Times',
  count: 'Instructions',
  size: 'Memory and sizes',
  result: 'Results',
}

const order = ['regressed', 'inconclusive', 'improved', 'equivalent'] as const

const number = (value: number): string =>
  Math.abs(value) >= 1e-3 || value === 0 ? `${Number(value.toPrecision(4))}` : value.toExponential(2)

const valueText = ({ unit }: GateRow, value: number): string => {
  if (unit === 'ns') return formatTime(value)
  return unit === 'bytes' && value >= 1000 ? `${significant(value / 1000)} kB` : number(value)
}

const shown = (row: GateRow, value: number | undefined): Value =>
  value === undefined ? blank : { text: valueText(row, value), data: value, unit: row.unit }

function changeValue({ change, limit }: GateRow): Value {
  if (!change) return blank
  const { value: data, low, high } = change
  const bounded = Number.isFinite(low) && Number.isFinite(high)
  return { text: changeText(limit, change), data, ...(bounded && { interval: { low, high } }) }
}

/** The change stands in a column of its own. */
function whyOf({ reason, change, limit }: GateRow): string {
  const text = change && changeText(limit, change)
  return text && reason.startsWith(text) ? reason.slice(text.length).replace(/^: /, '').trim() : reason
}

/** What has passed is counted, and shown while it is few. */
const mostPassed = 20

function tableOf(kind: GateKind, rows: readonly GateRow[], about: readonly string[]): ReportTable {
  const all = [...rows].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  const passed = all.filter(({ verdict }) => verdict === 'equivalent')
  const sorted = passed.length > mostPassed ? all.filter(({ verdict }) => verdict !== 'equivalent') : all
  return {
    id: `gate/${kind}`,
    title: titles[kind],
    about,
    columns: [
      left('what'),
      left('number'),
      right('before'),
      right('now'),
      right('worse by'),
      right('limit'),
      left('verdict'),
      left('why'),
    ],
    rows: sorted.map((row) => [
      text(row.subject),
      text(row.metric),
      shown(row, row.before),
      shown(row, row.after),
      changeValue(row),
      text(row.evidence === 'none' ? '' : limitText(row.limit)),
      text(row.verdict),
      text(whyOf(row)),
    ]),
    rowKeys: sorted.map(({ key }) => [key]),
    notes: passed.length > mostPassed ? [`${passed.length} more are equivalent; --json and --junit hold all`] : [],
  }
}

/** How it was decided, for those who want to know what a verdict is worth. */
function aboutOf(kind: GateKind, { plan, before, after }: GateResult): string[] {
  const who = `${after.name} (${after.version}) against ${before.name} (${before.version}); positive is worse`
  const rates = `false alarms of all numbers together ${limitText({ by: 'share', most: plan.alarm })} at most, a number worse by its limit passes ${limitText({ by: 'share', most: plan.pass })} at most`
  switch (kind) {
    case 'time':
    case 'count':
      return [
        who,
        `pairs of fresh processes in shuffled order, up to ${plan.looks.at(-1)} rounds; bounds by signed ranks: ${rates}`,
      ]
    case 'size':
      return [who]
    case 'result':
      return [who, `where there is a value a query, paired t tests: ${rates}`]
  }
}

const kinds: readonly GateKind[] = ['time', 'count', 'size', 'result']

export function gateTables(result: GateResult): ReportTable[] {
  const tables = kinds.flatMap((kind) => {
    const rows = result.rows.filter((row) => row.kind === kind)
    return rows.length === 0 ? [] : [tableOf(kind, rows, aboutOf(kind, result))]
  })
  if (result.failures.length === 0) return tables
  const failed: ReportTable = {
    id: 'gate/failures',
    title: 'Not measured',
    about: [],
    columns: [left('what'), left('why')],
    rows: result.failures.map(({ subject, reason }) => [text(subject), text(reason)]),
    notes: [],
  }
  return [failed, ...tables]
}
