/** Would a wrong ranker have got this verdict? A verdict that many get says little about the method. */

import type { Specificity, Verdict } from '../core/claim.ts'

interface Rival {
  readonly name: string
  /** Nothing that a loss has trained: a constant, a feature, a closed form. */
  readonly lossless: boolean
  readonly verdict: Verdict
}

const shown = 4

/** Verdicts of all other rankers under the same rule; those that were not measured are not counted. */
export function specificityOf(verdict: Verdict, rivals: readonly Rival[]): Specificity {
  const judged = rivals.filter((rival) => rival.verdict !== 'not run')
  const same = judged.filter((rival) => rival.verdict === verdict)
  const ordered = [...same].sort((a, b) => Number(b.lossless) - Number(a.lossless))
  return {
    same: same.length,
    lossless: same.filter(({ lossless }) => lossless).length,
    others: judged.length,
    named: ordered.slice(0, shown).map(({ name }) => name),
  }
}
