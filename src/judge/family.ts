/** The numbers of one paper, method and data set, judged together; one of them carries the verdict of all. */

import type { Claim } from '../config/claims.ts'
import type { FamilyConfig } from '../config/schema.ts'
import type { Family, JudgedNumber, Judgement, Specificity, Verdict } from '../core/claim.ts'
import { formatRef } from '../core/selector.ts'
import { unlessCut } from './cut.ts'
import { judgeExact } from './exact.ts'
import { type Ranker, rankersOn } from './rankers.ts'
import { identificationOf, rivalsOf, specificities } from './rivals.ts'
import { primaryOf, rowsOf } from './rows.ts'
import { caseOf, type Judged, type Judging, type Rules, verdictsFor } from './rules.ts'
import { cellsOf, foldsOf, isOf, targetOf } from './target.ts'
import { printedOf, theirsOf } from './theirs.ts'
import { describe } from './verdict.ts'

const notRun: Judged = { case: undefined, missing: '' }

/** Nobody read the number, it was read off a plot, it is of nobody here, or its source is not what it says. */
function unjudged(claim: Claim, { ours, valid }: FamilyConfig): Verdict | undefined {
  if (claim.verified === 'memory') return 'recalled'
  if (claim.unit.includes('read off a plot')) return 'read off a plot'
  if (valid === false) return 'not valid'
  return ours ? undefined : 'reference'
}

/** A number that a feature has without any training identifies no method: within the margin is then not reproduced. */
function unlessCommon(found: Judgement, specificity: Specificity | undefined): Judgement {
  if (found.verdict !== 'reproduced' || !specificity || specificity.lossless === 0) return found
  const why = `within the margin, and so is ${specificity.named[0]}, which no loss has trained`
  return { ...found, verdict: 'inconclusive', why }
}

function judgementOf(
  rules: Rules,
  i: number,
  judged: Judged,
  verdict: Verdict,
  specificity: Specificity | undefined,
  own: Ranker | undefined,
): Judgement {
  const { family, judging } = rules
  const word = unjudged(rules.rows[i].claim, family)
  const why = family.valid === false ? { why: family.because ?? 'the source is not valid' } : {}
  if (!judged.case) return { verdict: word ?? 'not run', ...(judged.missing && { why: judged.missing }), ...why }
  const { comparison, better } = judged.case
  const { claim, decimals, metric } = rules.rows[i]
  const found = family.exact
    ? judgeExact(comparison.ours, claim.value, decimals, better, family.exact.within)
    : unlessCut(unlessCommon(describe(judged.case, verdict), specificity), judging.config, own!.entries, {
        metric,
        better,
      })
  return { ...found, verdict: word ?? found.verdict, ...why }
}

/** @param claims rows of the family, at least one */
export function judgeFamily(judging: Judging, family: FamilyConfig, claims: readonly Claim[]): Family | undefined {
  const { key, config, run } = judging
  const rows = rowsOf(family, claims, config)
  if (rows.length === 0) return undefined
  const theirs = theirsOf(family, rows, run)
  const primary = primaryOf(rows, config)
  const target = family.ours && targetOf(family.ours)
  const cells = target ? cellsOf(run, target) : []
  const folds = target ? foldsOf(target, cells) : []
  const rules: Rules = {
    rows,
    family,
    judging,
    primary,
    printed: rows.map((row) => printedOf(row, rows, folds, theirs)),
  }
  const own = target && rankersOn(run, target).find(({ entries }) => isOf(entries[0], target))
  const judged = rows.map((_, i) => (own ? caseOf(rules, i, own) : notRun))
  const verdicts = verdictsFor(
    rules,
    judged.map((each) => each.case),
  )
  const rivals = own && target && !family.exact ? rivalsOf(rules, target, own, primary!.metric, folds) : []
  const specific = rivals.length > 0 ? specificities(rules, verdicts, rivals) : []
  const numbers = rows.map(
    ({ claim, metric, split }, i): JudgedNumber => ({
      claim,
      ref: {
        experiment: target ? formatRef(target.experiment) : '',
        method: family.ours?.method ?? '',
        dataset: target?.dataset.name ?? family.dataset ?? '',
        metric,
        split,
      },
      judgement: judgementOf(rules, i, judged[i], verdicts[i], specific[i], own),
      ...(specific[i] && judged[i].case && claim.verified === 'seen' && { specificity: specific[i] }),
      command: target ? `rank-bench reproduce --paper ${key} --claim '${claim.id}'` : '',
    }),
  )
  const identification = own && identificationOf(theirs, primary!.metric, own, rivals)
  return {
    paper: key,
    method: claims[0].method,
    dataset: claims[0].dataset,
    ours: family.ours?.method,
    primary: numbers[rows.indexOf(primary!)],
    numbers,
    differences: family.differences ?? [],
    ...(theirs.certified && { certificate: theirs.certified.certificate }),
    ...(identification && { identification }),
    ...(family.valid === false && { invalid: family.because ?? 'the source is not valid' }),
  }
}
