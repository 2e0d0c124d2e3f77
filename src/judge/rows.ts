/** The rows of a family: which number, of which fold, compared with which metric of ours. */

import type { Claim } from '../config/claims.ts'
import type { FamilyConfig, PaperConfig } from '../config/schema.ts'
import { requireConvention, splitOf } from './target.ts'

/** One row of a family, read as far as it can be without a run. */
export interface Row {
  readonly claim: Claim
  readonly metric: string
  /** A fold, or `mean`. */
  readonly split: string
  readonly decimals: number
}

export const meanSplit = 'mean'

export const applies = (claim: Claim, { when }: FamilyConfig): boolean =>
  Object.entries(when).every(([column, value]) => String(claim[column as keyof Claim] ?? '') === value)

export function rowsOf(family: FamilyConfig, claims: readonly Claim[], config: PaperConfig): Row[] {
  const decimals = claims.reduce((most, claim) => Math.max(most, claim.decimals), 0)
  return claims.flatMap((claim) => {
    const text = family.metrics[claim.metric]
    if (text === undefined) return []
    const metric = text.replaceAll('{at}', claim.at)
    requireConvention(claim, metric)
    return [{ claim, metric, split: splitOf(claim, config), decimals }]
  })
}

/** The row that carries the verdict: the declared metric's mean, else the first mean, else the first row. */
export function primaryOf(rows: readonly Row[], { primary }: PaperConfig): Row | undefined {
  const means = rows.filter(({ split }) => split === meanSplit)
  const declared = means.find(({ claim }) => claim.metric === primary?.metric && claim.at === (primary?.at ?? ''))
  return declared ?? means[0] ?? rows[0]
}
