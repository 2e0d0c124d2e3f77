/** What other services read: github-action-benchmark, Bencher, a badge. */

import type { GateOutcome, GateResult, GateRow } from '../../core/gate.ts'

const numbered = (rows: readonly GateRow[]): (GateRow & { readonly after: number })[] =>
  rows.flatMap((row) => (row.after === undefined ? [] : [{ ...row, after: row.after }]))

/** `customSmallerIsBetter`: numbers of which more is better have no place in it, and are left out. */
export const benchmarkJson = ({ rows }: GateResult): string =>
  `${JSON.stringify(
    numbered(rows)
      .filter(({ better }) => better === 'lower')
      .map(({ subject, metric, unit, after, reason }) => ({
        name: `${subject}: ${metric}`,
        unit,
        value: after,
        extra: reason,
      })),
    null,
    2,
  )}\n`

/** Bencher Metric Format: by benchmark, by measure. Its bounds are those of the change, on the number now. */
export function bencherJson({ rows }: GateResult): string {
  const found: Record<string, Record<string, { value: number; lower_value?: number; upper_value?: number }>> = {}
  for (const { subject, metric, after, before, change, limit } of numbered(rows)) {
    const bounds =
      limit.by === 'share' &&
      before !== undefined &&
      change &&
      Number.isFinite(change.low) &&
      Number.isFinite(change.high)
        ? { lower_value: before * (1 + change.low), upper_value: before * (1 + change.high) }
        : {}
    found[subject] = { ...found[subject], [metric]: { value: after, ...bounds } }
  }
  return `${JSON.stringify(found, null, 2)}\n`
}

const colours: Readonly<Record<GateOutcome, string>> = {
  passed: 'brightgreen',
  regressed: 'red',
  incomplete: 'orange',
  inconclusive: 'yellow',
}

/** As shields.io reads an endpoint. */
export const badgeJson = (outcome: GateOutcome, { rows }: GateResult): string =>
  `${JSON.stringify({ schemaVersion: 1, label: 'performance', message: outcome === 'passed' ? `${rows.length} numbers hold` : outcome, color: colours[outcome] })}\n`
