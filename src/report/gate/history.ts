/** The history of a gate as a table, as a file that change-point detection reads, and as a picture. */

import type { PastGate, PastNumber } from '../../core/gate.ts'
import type { Figure } from '../../core/report.ts'
import { left, type ReportTable, right, text } from '../table.ts'
import { changeText } from './words.ts'

interface HistoryPoint {
  readonly at: string
  readonly version: string
  readonly number: PastNumber
}

function pointsByName(gates: readonly PastGate[]): Map<string, HistoryPoint[]> {
  const found = new Map<string, HistoryPoint[]>()
  for (const { at, version, numbers } of gates) {
    for (const number of numbers) found.set(number.name, [...(found.get(number.name) ?? []), { at, version, number }])
  }
  return found
}

const share = { by: 'share', most: 0 } as const

const changeBetween = (from: PastNumber, to: PastNumber): string => {
  const value = (to.better === 'higher' ? from.value / to.value : to.value / from.value) - 1
  return changeText(share, { value, low: value, high: value })
}

/** A row a number: the first gate and the last. */
export function historyTable(gates: readonly PastGate[], path: string): ReportTable {
  const rows = [...pointsByName(gates)].map(([name, points]) => {
    const [first, last] = [points[0].number, points[points.length - 1].number]
    return [
      text(name),
      { text: `${points.length}`, data: points.length },
      { text: `${Number(first.value.toPrecision(4))}`, data: first.value },
      { text: `${Number(last.value.toPrecision(4))}`, data: last.value },
      text(changeBetween(first, last)),
    ]
  })
  return {
    id: 'gate/history',
    title: 'History',
    about: [`${gates.length} gates in ${path}; positive is worse; machines may differ from gate to gate`],
    columns: [left('number'), right('gates'), right('first'), right('last'), right('worse by')],
    rows,
    notes: [],
  }
}

const quoted = (word: string): string => (/[",\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word)

/** Names of columns that need no quotes anywhere; Otava shows what follows the last dot only. */
const columnOf = (name: string): string => name.replaceAll(/\W+/g, '_')

/** Time, commit, and a column a number; a gate that lacks one leaves its field empty. */
export function historyCsv(gates: readonly PastGate[]): string {
  const names = [...pointsByName(gates).keys()]
  const lines = gates.map(({ at, version, numbers }) => {
    const values = names.map((name) => numbers.find((each) => each.name === name)?.value ?? '')
    return [at, quoted(version), ...values].join(',')
  })
  return `${[['time', 'commit', ...names.map(columnOf)].join(','), ...lines].join('\n')}\n`
}

/** Configuration of Apache Otava, as JSON, which is YAML. @param file the CSV beside it */
export function otavaConfig(gates: readonly PastGate[], file: string): string {
  const metrics = [...pointsByName(gates)].map(([name, points]) => [
    columnOf(name),
    { column: columnOf(name), direction: points[0].number.better === 'higher' ? 1 : -1, scale: 1 },
  ])
  const test = { type: 'csv', file, time_column: 'time', attributes: ['commit'], metrics: Object.fromEntries(metrics) }
  return `${JSON.stringify({ tests: { gate: test } }, null, 2)}\n`
}

/** Each number over the gates, relative to its first: a slow drift is a slope. Drawn only where it is asked for. */
export async function historyFigure(gates: readonly PastGate[]): Promise<Figure> {
  const { draw, Plot, palette } = await import('../plot.ts')
  const points = [...pointsByName(gates)].flatMap(([name, all]) =>
    all.map(({ at, number }) => ({ name, at: new Date(at), relative: number.value / all[0].number.value })),
  )
  return draw('gate-history', 'Numbers of the gates, relative to the first', [[palette.blue, 'a line a number']], {
    width: 900,
    height: 360,
    marginLeft: 60,
    x: { type: 'utc', label: 'gate' },
    y: { label: 'of the first', grid: true },
    marks: [
      Plot.ruleY([1], { stroke: palette.grey }),
      Plot.line(points, { x: 'at', y: 'relative', z: 'name', stroke: palette.blue }),
      Plot.dot(points, { x: 'at', y: 'relative', fill: palette.blue, r: 2 }),
    ],
  })
}
