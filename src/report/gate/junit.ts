/** JUnit XML, as continuous integration reads it: a test case a number. What cannot be told is an error, so that no reader counts it as passed. */

import type { GateResult, GateRow } from '../../core/gate.ts'
import { printableLines } from '../../core/printable.ts'

const escaped = (text: string): string =>
  printableLines(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const inside = ({ verdict, reason }: GateRow): string => {
  if (verdict === 'regressed') return `<failure type="regressed" message="${escaped(reason)}"/>`
  if (verdict === 'inconclusive') return `<error type="inconclusive" message="${escaped(reason)}"/>`
  return `<system-out>${escaped(`${verdict}: ${reason}`)}</system-out>`
}

const testCase = (row: GateRow): string =>
  `    <testcase classname="${escaped(row.subject)}" name="${escaped(row.metric)}">${inside(row)}</testcase>`

export function junit({ name, rows, failures, minutes, createdAt }: GateResult): string {
  const count = (verdict: GateRow['verdict']) => rows.filter((row) => row.verdict === verdict).length
  const failed = failures.map(
    ({ subject, reason }) =>
      `    <testcase classname="${escaped(subject)}" name="measured"><error type="failed" message="${escaped(reason)}"/></testcase>`,
  )
  const totals = `tests="${rows.length + failures.length}" failures="${count('regressed')}" errors="${count('inconclusive') + failures.length}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${escaped(`gate ${name}`)}" ${totals} time="${(60 * minutes).toFixed(3)}" timestamp="${createdAt}">`,
    ...rows.map(testCase),
    ...failed,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
