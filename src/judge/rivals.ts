/** The other rankers of a run under the rules of a family: who else gets a verdict, and who is nearest to what was published. */

import type { Identification, Specificity, Verdict } from '../core/claim.ts'
import { identify } from './identification.ts'
import { valuesOf } from './measured.ts'
import { type Ranker, rankersOn } from './rankers.ts'
import { caseOf, type Rules, verdictsFor } from './rules.ts'
import { specificityOf } from './specificity.ts'
import type { Target } from './target.ts'
import type { Theirs } from './theirs.ts'

/** Same values on every query: another name of ours, not a rival. */
function isSame(a: Ranker, b: Ranker, metric: string, folds: readonly string[]): boolean {
  const [one, other] = [valuesOf(a.measured(metric), folds), valuesOf(b.measured(metric), folds)]
  return (
    one !== undefined &&
    other !== undefined &&
    one.every(({ queries, value }, i) =>
      queries ? queries.every((each, q) => each === other[i].queries?.[q]) : value === other[i].value,
    )
  )
}

/** Every ranker of another method on the data set; published ones are no rivals of ours. */
export function rivalsOf(
  rules: Rules,
  target: Target,
  own: Ranker,
  metric: string,
  folds: readonly string[],
): Ranker[] {
  return rankersOn(rules.judging.run, target).filter(
    (each) =>
      each !== own &&
      !each.certifies &&
      each.entries[0].cell.system === target.system &&
      each.entries[0].cell.method.name !== target.method.name &&
      !isSame(own, each, metric, folds),
  )
}

/** How each row's verdict fares with every rival under the same rules. */
export function specificities(rules: Rules, own: readonly Verdict[], rivals: readonly Ranker[]): Specificity[] {
  const verdicts = rivals.map((rival) =>
    verdictsFor(
      rules,
      rules.rows.map((_, i) => caseOf(rules, i, rival).case),
    ),
  )
  return own.map((verdict, i) =>
    specificityOf(
      verdict,
      rivals.map(({ name, lossless }, at) => ({ name, lossless, verdict: verdicts[at][i] })),
    ),
  )
}

export function identificationOf(
  theirs: Theirs,
  metric: string,
  own: Ranker,
  rivals: readonly Ranker[],
): Identification | undefined {
  const published = theirs.queries(metric)
  const folds = [...published.keys()]
  if (folds.length === 0) return undefined
  const queriesOf = (ranker: Ranker): number[] =>
    (valuesOf(ranker.measured(metric), folds) ?? []).flatMap(({ queries }) => queries ?? [])
  const candidates = [own, ...rivals].map((each) => ({ name: each.name, queries: queriesOf(each) }))
  return identify(
    folds.flatMap((fold) => published.get(fold)!),
    candidates,
    own.name,
  )
}
