/** Papers judged in a run. */

import type { Claim } from '../config/claims.ts'
import { loadPaper } from '../config/load.ts'
import type { PaperConfig } from '../config/schema.ts'
import type { Family, JudgedNumber } from '../core/claim.ts'
import type { RunData } from '../results/view.ts'
import { judgeFamily } from './family.ts'
import { defaultMargin, type MarginRule } from './margin.ts'
import { applies } from './rows.ts'

export interface JudgedPaper {
  readonly key: string
  readonly title: string
  readonly citation: string
  readonly margin: MarginRule
  readonly families: readonly Family[]
}

export const numbersOf = ({ families }: Pick<JudgedPaper, 'families'>): JudgedNumber[] =>
  families.flatMap(({ numbers }) => [...numbers])

/** Each claim under the first family that takes it; claims of no family are not ours to judge. */
export function claimsByFamily(config: PaperConfig, claims: readonly Claim[]): Claim[][] {
  const owner = claims.map((claim) => config.families.findIndex((family) => applies(claim, family)))
  return config.families.map((_, at) => claims.filter((__, i) => owner[i] === at))
}

/** Names of all our metrics that a paper's numbers are compared with. */
export function claimedMetrics(key: string): string[] {
  const { config, claims } = loadPaper(key)
  const grouped = claimsByFamily(config, claims)
  return config.families.flatMap(({ metrics }, at) =>
    grouped[at].flatMap(({ metric, at: cutoff }) => metrics[metric]?.replaceAll('{at}', cutoff) ?? []),
  )
}

/**
 * @param key of a paper that ships, or the folder of a user's own
 * @param share overrides the paper's margin
 */
export function judgePaper(key: string, run: RunData, share?: number): JudgedPaper {
  const { config, claims } = loadPaper(key)
  const own = config.margin ?? defaultMargin
  const margin = share === undefined ? own : { share, because: `${100 * share} %, as asked` }
  const grouped = claimsByFamily(config, claims)
  const families = config.families.flatMap((family, at) => {
    if (grouped[at].length === 0) return []
    return judgeFamily({ key, config, margin, run }, family, grouped[at]) ?? []
  })
  return { key, title: config.title, citation: config.citation, margin, families }
}
