/** Ours against what was published: paired by query where both have queries, by fold where folds are printed, else by means alone. */

import type { Evidence } from '../core/claim.ts'
import { type Estimate, pairedEstimate, stratifiedEstimate } from '../stats/estimate.ts'
import { mean } from '../stats/mean.ts'
import { type FoldValue, type Measured, seedMeans, valuesOf } from './measured.ts'

/** What the source says of one metric. */
export interface Printed {
  /** The number that is judged. */
  readonly value: number
  /** Folds it is the mean of; one for the number of a fold. */
  readonly folds: readonly string[]
  /** Its printed folds, where they are; by name, so that a missing fold moves no other. */
  readonly byFold: ReadonlyMap<string, number>
  /** The publisher's own values, query by query, of folds where they give the printed numbers. */
  readonly queries: ReadonlyMap<string, readonly number[]>
}

export interface Comparison {
  readonly evidence: Evidence
  readonly ours: number
  /** Undefined where nothing tells the noise of the difference. */
  readonly estimate: Estimate | undefined
  readonly why?: string
}

const fewestFolds = 3

const subtract = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value - b[i])

/** Queries that the convention drops are dropped on both sides. */
const counted = (differences: readonly number[]): number[] => differences.filter((each) => !Number.isNaN(each))

function byQuery(ours: readonly FoldValue[], { folds, queries }: Printed): Estimate | undefined {
  const pairs = folds.map((fold, i) => {
    const [own, theirs] = [ours[i].queries, queries.get(fold)]
    return own && theirs && own.length === theirs.length ? counted(subtract(own, theirs)) : undefined
  })
  if (pairs.some((each) => each === undefined)) return undefined
  return stratifiedEstimate(pairs as number[][], seedMeans(ours))
}

function byFold(ours: readonly FoldValue[], { folds, byFold }: Printed): Estimate | undefined {
  if (folds.length < fewestFolds || !folds.every((fold) => byFold.has(fold))) return undefined
  return pairedEstimate(ours.map(({ value }, i) => value - byFold.get(folds[i])!))
}

/** Nothing pairs: the one noise that is known is that of our training. */
function byMean(ours: readonly FoldValue[], { value }: Printed, deterministic: boolean): Estimate | undefined {
  const difference = mean(ours.map((each) => each.value)) - value
  if (deterministic) return { difference, error: 0, degreesOfFreedom: 1, pairs: 1 }
  const seeds = pairedEstimate(seedMeans(ours).map((each) => each - value))
  return seeds && { ...seeds, difference }
}

const meanAlone =
  'only a mean is printed: the noise of what was published is not known, and nothing pairs it with ours; the interval holds the noise of our training alone'
const oneSeed = 'one training seed: its noise is not known'

/**
 * @param deterministic our side has no random start
 * @returns undefined, or a reason, when a fold of the printed number is not measured: a mean over other folds is another number
 */
export function compare(
  measured: Measured,
  printed: Printed,
  deterministic: boolean,
): Comparison | { missing: string } {
  const values = valuesOf(measured, printed.folds)
  if (!values) {
    const missing = printed.folds.filter((fold) => !measured.has(fold))
    return { missing: missing.length === printed.folds.length ? '' : `${missing.join(', ')} not measured` }
  }
  const ours = mean(values.map(({ value }) => value))
  const query = byQuery(values, printed)
  if (query) return { evidence: 'query', ours, estimate: query }
  const fold = byFold(values, printed)
  if (fold) return { evidence: 'fold', ours, estimate: fold }
  const estimate = byMean(values, printed, deterministic)
  return { evidence: 'mean', ours, estimate, why: estimate ? meanAlone : `${meanAlone}; ${oneSeed}` }
}
