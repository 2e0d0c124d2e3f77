/** From a comparison to a word: both questions, are they the same and are they different, by one interval. */

import type { Judgement, Verdict } from '../core/claim.ts'
import type { Observation } from '../core/result.ts'
import {
  detectableDifference,
  differenceInterval,
  differenceP,
  equivalenceP,
  equivalencePower,
} from '../stats/equivalence.ts'
import { holm } from '../stats/paired.ts'
import type { Comparison } from './compare.ts'

/** A comparison that can be judged. */
export interface Case {
  readonly comparison: Comparison
  readonly margin: number
  readonly better: Observation['better']
}

/** The level of every test, one for all papers, declared before anything ran. A 90 % interval within the margin is two one-sided tests at it. */
const level = 0.05

interface Probabilities {
  readonly different: number
  readonly equivalent: number
}

function probabilities({ comparison: { estimate }, margin }: Case): Probabilities {
  if (!estimate) return { different: 1, equivalent: 1 }
  return { different: differenceP(estimate), equivalent: equivalenceP(estimate, margin) }
}

/** A value beyond the margin on its good side is ahead; without a good side there is none. */
const isAhead = (difference: number, better: Case['better']): boolean =>
  better === 'higher' ? difference > 0 : better === 'lower' ? difference < 0 : false

function wordOf({ comparison, better }: Case, p: Probabilities): Verdict {
  const difference = comparison.estimate?.difference ?? 0
  const alone = comparison.evidence === 'mean'
  if (p.equivalent < level) return alone ? 'close' : 'reproduced'
  if (p.different >= level) return 'inconclusive'
  if (alone) return difference > 0 ? 'higher' : 'lower'
  return isAhead(difference, better) ? 'exceeds' : 'differs'
}

/** Probabilities corrected for their number, each question by itself. */
function corrected(cases: readonly Case[]): Probabilities[] {
  const raw = cases.map(probabilities)
  const different = holm(raw.map((each) => each.different))
  const equivalent = holm(raw.map((each) => each.equivalent))
  return raw.map((_, i) => ({ different: different[i], equivalent: equivalent[i] }))
}

/** Verdicts of numbers that are tested together: Holm's correction over them. One number alone is tested at 5 %. */
export function verdictsOf(cases: readonly Case[]): Verdict[] {
  const p = corrected(cases)
  return cases.map((each, i) => wordOf(each, p[i]))
}

/** The verdict with everything a reader needs to weigh it. */
export function describe({ comparison, margin }: Case, verdict: Verdict): Judgement {
  const { evidence, ours, estimate, why } = comparison
  return {
    verdict,
    evidence,
    ours,
    margin,
    ...(why !== undefined && { why }),
    ...(estimate && {
      difference: estimate.difference,
      interval: differenceInterval(estimate),
      detectable: detectableDifference(estimate),
      power: equivalencePower(estimate, margin),
      pairs: estimate.pairs,
    }),
  }
}

/** Verdicts that make `reproduce` exit 1: the number was judged and did not come out. */
export const isRefuted = (verdict: Verdict): boolean => verdict === 'differs'
/** Verdicts that leave the question open. */
export const isOpen = (verdict: Verdict): boolean => ['inconclusive', 'not run', 'higher', 'lower'].includes(verdict)
