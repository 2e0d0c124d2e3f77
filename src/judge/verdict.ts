/** Published number against ours: reproduced, differs, exceeds, inconclusive, not run. Judged both ways. */

import type { Judgement, Published, ToleranceRule, Verdict } from '../core/claim.ts'
import { mean, standardDeviation, standardError } from '../stats/mean.ts'

const fewestFolds = 3

/** Half of the last printed digit is added by the caller's rule only where the source rounds coarsely. */
function toleranceOf(rule: ToleranceRule, foldMeans: readonly number[]): number {
  if (rule.kind === 'absolute') return rule.value
  return rule.factor * (rule.kind === 'fold-deviations' ? standardDeviation(foldMeans) : standardError(foldMeans))
}

/**
 * Judges one published number.
 * @param foldMeans our value on each fold (mean over seeds); a single entry where there are no folds; empty when not run
 * @param fold which of the folds the number is of; undefined for their mean
 * @param better a value beyond the tolerance on the good side `exceeds`; without a good side it `differs`
 */
export function judgeClaim(
  published: Published,
  foldMeans: readonly number[],
  rule: ToleranceRule,
  better: 'higher' | 'lower' | 'neither',
  fold?: number,
): Judgement {
  const ours = fold === undefined ? mean(foldMeans) : foldMeans[fold]
  if (foldMeans.length === 0 || ours === undefined)
    return { verdict: notRun(published), ours: undefined, difference: undefined, tolerance: undefined }
  const difference = ours - published.value
  const tolerance = toleranceOf(rule, foldMeans)
  const judged = (verdict: Verdict): Judgement => ({ verdict, ours, difference, tolerance })
  if (published.unit.includes('read off a plot')) return judged('read off a plot')
  if (published.verified === 'memory') return judged('recalled')
  if (rule.kind !== 'absolute' && foldMeans.length < fewestFolds) return judged('inconclusive')
  if (Math.abs(difference) <= tolerance) return judged('reproduced')
  const ahead = better === 'higher' ? difference > 0 : better === 'lower' ? difference < 0 : false
  return judged(ahead ? 'exceeds' : 'differs')
}

const notRun = (published: Published): Verdict => (published.verified === 'memory' ? 'recalled' : 'not run')

/** Verdicts that make `reproduce` exit 1: the number was judged and did not come out. */
export const isRefuted = (verdict: Verdict): boolean => verdict === 'differs'
