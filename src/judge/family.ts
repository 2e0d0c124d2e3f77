/** The numbers of one paper, method and data set, judged together; one of them carries the verdict of all. */

import type { Claim } from '../config/claims.ts'
import type { FamilyConfig, PaperConfig } from '../config/schema.ts'
import type { Family, Identification, JudgedNumber, Judgement, Specificity, Verdict } from '../core/claim.ts'
import type { Observation } from '../core/result.ts'
import { formatRef } from '../core/selector.ts'
import { observation, type RunData } from '../results/view.ts'
import { mean } from '../stats/mean.ts'
import { type Certified, certify } from './certificate.ts'
import { compare, type Printed } from './compare.ts'
import { judgeExact } from './exact.ts'
import { identify } from './identification.ts'
import { type MarginRule, marginOf } from './margin.ts'
import { type FoldValue, type Measured, valuesOf } from './measured.ts'
import { type Ranker, rankersOn } from './rankers.ts'
import { specificityOf } from './specificity.ts'
import { cellsOf, foldsOf, isOf, requireConvention, splitOf, type Target, targetOf, unitFactor } from './target.ts'
import { type Case, describe, verdictsOf } from './verdict.ts'

/** One row of a family, read as far as it can be without a run. */
interface Row {
  readonly claim: Claim
  readonly metric: string
  /** A fold, or `mean`. */
  readonly split: string
  readonly decimals: number
}

export interface Judging {
  readonly key: string
  readonly config: PaperConfig
  readonly margin: MarginRule
  readonly run: RunData
}

const meanSplit = 'mean'

export const applies = (claim: Claim, { when }: FamilyConfig): boolean =>
  Object.entries(when).every(([column, value]) => String(claim[column as keyof Claim] ?? '') === value)

function rowsOf(family: FamilyConfig, claims: readonly Claim[], config: PaperConfig): Row[] {
  const decimals = claims.reduce((most, claim) => Math.max(most, claim.decimals), 0)
  return claims.flatMap((claim) => {
    const text = family.metrics[claim.metric]
    if (text === undefined) return []
    const metric = text.replaceAll('{at}', claim.at)
    requireConvention(claim, metric)
    return [{ claim, metric, split: splitOf(claim, config), decimals }]
  })
}

/** What of the source stands beside one row: its folds, and the publisher's queries of folds that are certified. */
function printedOf(row: Row, rows: readonly Row[], folds: readonly string[], theirs: Theirs): Printed {
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

interface Theirs {
  readonly certified: Certified | undefined
  /** Of certified folds. */
  queries(metric: string): ReadonlyMap<string, readonly number[]>
}

function theirsOf(family: FamilyConfig, rows: readonly Row[], run: RunData): Theirs {
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

/** Our values in the unit that was printed. */
function scaled(measured: Measured, factor: number): Measured {
  if (factor === 1) return measured
  const times = ({ value, seeds, queries }: FoldValue): FoldValue => ({
    value: value * factor,
    seeds: new Map([...seeds].map(([seed, each]) => [seed, each * factor])),
    queries: queries?.map((each) => each * factor),
  })
  return new Map([...measured].map(([fold, value]) => [fold, times(value)]))
}

/** Everything about a family but who is judged. */
interface Rules {
  readonly rows: readonly Row[]
  readonly printed: readonly Printed[]
  readonly family: FamilyConfig
  readonly judging: Judging
  readonly primary: Row | undefined
}

interface Judged {
  readonly case: Case | undefined
  readonly missing: string
}

function firstObservation({ entries }: Pick<Ranker, 'entries'>, metric: string): Observation | undefined {
  for (const { result } of entries) {
    const found = observation(result, metric)
    if (found) return found
  }
  return undefined
}

const constantOf = ({ constant }: PaperConfig, folds: readonly string[]): number =>
  constant ? mean(folds.map((fold) => constant[fold] ?? 0)) : 0

function caseOf({ rows, printed, family, judging }: Rules, i: number, ranker: Ranker): Judged {
  const [row, theirs] = [rows[i], printed[i]]
  const first = firstObservation(ranker, row.metric)
  if (!first) return { case: undefined, missing: '' }
  const measured = scaled(ranker.measured(row.metric), unitFactor(row.claim.unit, first.unit))
  const comparison = compare(measured, theirs, family.deterministic === true || ranker.lossless)
  if ('missing' in comparison) return { case: undefined, missing: comparison.missing }
  const constant = constantOf(judging.config, theirs.folds)
  const margin = marginOf(row.claim.value, constant, row.decimals, judging.margin)
  return { case: { comparison, margin, better: first.better }, missing: '' }
}

/** Rows that are tested together: the primary number by itself, the other means, the numbers of single folds. */
function testedTogether({ rows, primary }: Rules): number[][] {
  const indices = rows.flatMap((row, i) => (row.claim.verified === 'seen' ? [i] : []))
  const of = (wanted: (row: Row) => boolean) => indices.filter((i) => wanted(rows[i]))
  return [
    of((row) => row === primary),
    of((row) => row !== primary && row.split === meanSplit),
    of((row) => row !== primary && row.split !== meanSplit),
  ]
}

/** Verdict of every row for one ranker. */
function verdictsFor(rules: Rules, cases: readonly (Case | undefined)[]): Verdict[] {
  const verdicts = new Array<Verdict>(cases.length).fill('not run')
  for (const together of testedTogether(rules)) {
    const judged = together.filter((i) => cases[i] !== undefined)
    const found = verdictsOf(judged.map((i) => cases[i]!))
    judged.forEach((i, at) => {
      verdicts[i] = found[at]
    })
  }
  return verdicts
}

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
): Judgement {
  const { family } = rules
  const word = unjudged(rules.rows[i].claim, family)
  const why = family.valid === false ? { why: family.because ?? 'the source is not valid' } : {}
  if (!judged.case) return { verdict: word ?? 'not run', ...(judged.missing && { why: judged.missing }), ...why }
  const { comparison, better } = judged.case
  const { claim, decimals } = rules.rows[i]
  const found = family.exact
    ? judgeExact(comparison.ours, claim.value, decimals, better, family.exact.within)
    : unlessCommon(describe(judged.case, verdict), specificity)
  return { ...found, verdict: word ?? found.verdict, ...why }
}

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
function rivalsOf(rules: Rules, target: Target, own: Ranker, metric: string, folds: readonly string[]): Ranker[] {
  return rankersOn(rules.judging.run, target).filter(
    (each) =>
      each !== own &&
      !each.certifies &&
      each.entries[0].cell.implementation === target.implementation &&
      each.entries[0].cell.method.name !== target.method.name &&
      !isSame(own, each, metric, folds),
  )
}

/** How each row's verdict fares with every rival under the same rules. */
function specificities(rules: Rules, own: readonly Verdict[], rivals: readonly Ranker[]): Specificity[] {
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

function identificationOf(
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

/** The row that carries the verdict: the declared metric's mean, else the first mean, else the first row. */
function primaryOf(rows: readonly Row[], { primary }: PaperConfig): Row | undefined {
  const means = rows.filter(({ split }) => split === meanSplit)
  const declared = means.find(({ claim }) => claim.metric === primary?.metric && claim.at === (primary?.at ?? ''))
  return declared ?? means[0] ?? rows[0]
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
      judgement: judgementOf(rules, i, judged[i], verdicts[i], specific[i]),
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
