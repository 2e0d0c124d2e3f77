/** Published scores through our metrics: the printed numbers of their folds must come out. A certificate of the convention. */

import type { Certificate } from '../core/claim.ts'
import { printsAs } from './exact.ts'
import type { Measured } from './measured.ts'

/** The printed number of one fold, and what the published scores give for it. */
interface PrintedFold {
  readonly id: string
  readonly metric: string
  readonly fold: string
  readonly value: number
  readonly decimals: number
}

export interface Certified {
  readonly certificate: Certificate
  /** Folds all of whose printed numbers come out: their queries are those that were printed. */
  readonly folds: ReadonlySet<string>
}

/**
 * @param measured values of the published scores by metric
 * @param setAside folds whose score files are known to be others than those that were printed
 * @returns undefined where no published scores were measured
 */
export function certify(
  printed: readonly PrintedFold[],
  measured: (metric: string) => Measured,
  setAside: Readonly<Record<string, string>>,
): Certified | undefined {
  const lines = printed.flatMap((each) => {
    const ours = measured(each.metric).get(each.fold)?.value
    return ours === undefined ? [] : [{ ...each, holds: printsAs(ours, each.value, each.decimals) }]
  })
  if (lines.length === 0) return undefined
  const counted = lines.filter(({ fold }) => !(fold in setAside))
  const failing = counted.filter(({ holds }) => !holds)
  const bad = new Set(failing.map(({ fold }) => fold))
  return {
    certificate: {
      holds: counted.length - failing.length,
      of: counted.length,
      setAside: lines.length - counted.length,
      failing: failing.map(({ id }) => id),
    },
    folds: new Set(counted.flatMap(({ fold }) => (bad.has(fold) ? [] : [fold]))),
  }
}
