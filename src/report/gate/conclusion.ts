/** What a gate came to: the first thing of its report, and the last that a terminal shows. */

import type { GateResult, GateRow } from '../../core/gate.ts'
import type { ConclusionLine } from '../conclusion.ts'

const mostNamed = 5

const named = (rows: readonly GateRow[]): string => {
  if (rows.length === 0) return 'nothing'
  const shown = rows.slice(0, mostNamed).map(({ subject, metric, reason }) => `${subject}: ${metric} ${reason}`)
  return `${shown.join('; ')}${rows.length > mostNamed ? `; and ${rows.length - mostNamed} more` : ''}`
}

/** Always these five, also where there is nothing to say. */
export function concludeGate({ rows, failures, before, after, rounds, minutes }: GateResult): ConclusionLine[] {
  const of = (verdict: GateRow['verdict']) => rows.filter((row) => row.verdict === verdict)
  const failed = failures.map(({ subject, reason }) => `${subject}: ${reason}`)
  return [
    { topic: 'regressed', text: named(of('regressed')) },
    { topic: 'cannot be told', text: named(of('inconclusive')) },
    { topic: 'improved', text: named(of('improved')) },
    { topic: 'not measured', text: failed.length > 0 ? failed.join('; ') : 'nothing: both versions have every number' },
    {
      topic: 'compared',
      text: `${after.name} (${after.version}) with ${before.name} (${before.version}): ${rows.length} numbers, ${rounds} rounds, ${minutes.toFixed(1)} minutes`,
    },
  ]
}
