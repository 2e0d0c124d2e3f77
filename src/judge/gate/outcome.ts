/** What a gate comes to: one exit code, and one sentence that a log scraper can trust. */

import type { GateFailure, GateOutcome, GateRow, GateVerdict } from '../../core/gate.ts'

export interface Lenience {
  /** Pass although something could not be told from its limit. */
  readonly inconclusive?: boolean | undefined
  /** Pass although the earlier version has no number of something. */
  readonly missing?: boolean | undefined
}

export const gateCodes = { passed: 0, regressed: 1, incomplete: 3, inconclusive: 4 } as const satisfies Record<
  GateOutcome,
  number
>

/** Numbers that stand in the way of a pass. Where nothing was compared, nothing has passed. */
export function outcomeOf(
  rows: readonly GateRow[],
  failures: readonly GateFailure[],
  lenience: Lenience = {},
): GateOutcome {
  if (rows.some(({ verdict }) => verdict === 'regressed')) return 'regressed'
  if (failures.length > 0) return 'incomplete'
  const open = rows.filter(({ verdict, evidence }) => {
    if (verdict !== 'inconclusive') return false
    return evidence === 'none' ? !lenience.missing : !lenience.inconclusive
  })
  return rows.length === 0 || open.length > 0 ? 'inconclusive' : 'passed'
}

const order: readonly GateVerdict[] = ['regressed', 'inconclusive', 'improved', 'equivalent']

export const countsText = (rows: readonly GateRow[]): string =>
  order.map((verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict}`).join(', ')
