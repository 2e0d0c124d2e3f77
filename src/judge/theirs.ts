/** What the source says besides the number that is judged: its folds, and the publisher's own queries where they are certified. */

import type { FamilyConfig } from '../config/schema.ts'
import type { RunData } from '../results/view.ts'
import { type Certified, certify } from './certificate.ts'
import type { Printed } from './compare.ts'
import { rankersOn } from './rankers.ts'
import { meanSplit, type Row } from './rows.ts'
import { isOf, targetOf } from './target.ts'

export interface Theirs {
  readonly certified: Certified | undefined
  /** Their values, query by query, under a metric of ours; certified folds only. */
  queries(metric: string): ReadonlyMap<string, readonly number[]>
}

/** What of the source stands beside one row: its folds, and the publisher's queries of folds that are certified. */
export function printedOf(row: Row, rows: readonly Row[], folds: readonly string[], theirs: Theirs): Printed {
  const own = rows.filter(
    ({ metric, split, claim }) => metric === row.metric && split !== meanSplit && claim.verified === 'seen',
  )
  const byFold = new Map(own.map(({ split, claim }) => [split, claim.value]))
  const named = byFold.size > 0 && own.some(({ split }) => folds.includes(split)) ? [...byFold.keys()] : folds
  return {
    value: row.claim.value,
    folds: row.split === meanSplit ? named : [row.split],
    byFold,
    queries: theirs.queries(row.metric),
  }
}

export function theirsOf(family: FamilyConfig, rows: readonly Row[], run: RunData): Theirs {
  if (!family.published) return { certified: undefined, queries: () => new Map() }
  const target = targetOf(family.published)
  const ranker = rankersOn(run, target).find(({ entries }) => isOf(entries[0], target))
  if (!ranker) return { certified: undefined, queries: () => new Map() }
  const folds = rows.filter(({ split, claim }) => split !== meanSplit && claim.verified === 'seen')
  const printed = folds.map(({ claim, metric, split, decimals }) => ({
    id: claim.id,
    metric,
    fold: split,
    value: claim.value,
    decimals,
  }))
  const certified = certify(printed, (metric) => ranker.measured(metric), family.setAside ?? {})
  return {
    certified,
    queries: (metric) =>
      new Map(
        [...ranker.measured(metric)].flatMap(([fold, { queries }]) =>
          queries && certified?.folds.has(fold) ? [[fold, queries] as const] : [],
        ),
      ),
  }
}
