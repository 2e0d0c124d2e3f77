/**
 * Results instead of times: numbers that a computation answers with on the same data on both sides. Where there is a value a query,
 * the mean difference is tested query by query, as verdicts on published numbers are; where there is one number, it is compared.
 */

import type { GateKind, GatePlan, GateRow, Limit } from '../../core/gate.ts'
import type { Observation } from '../../core/result.ts'
import { changeText, limitText } from '../../report/gate/words.ts'
import { studentQuantile, studentTails } from '../../stats/distributions.ts'
import { type Estimate, stratifiedEstimate } from '../../stats/estimate.ts'
import { mean } from '../../stats/mean.ts'
import { holm } from '../../stats/paired.ts'
import { kindOf } from './policy.ts'
import { changeOn, limitOn, worsening } from './scale.ts'

/** One metric of one subject: the observations of its cells (folds, seeds), in the same order on both sides. */
export interface ResultPair {
  readonly key: string
  readonly subject: string
  readonly limit: Limit
  readonly before: readonly Observation[]
  readonly after: readonly Observation[]
}

type Head = Pick<GateRow, 'key' | 'subject' | 'metric' | 'unit' | 'better' | 'limit' | 'before' | 'after'> & {
  readonly kind: GateKind
}

/** Values of queries that both sides count, cell by cell; undefined where a side has none. */
function queryDifferences({ before, after }: ResultPair): number[][] | undefined {
  const folds: number[][] = []
  for (const [i, { samples, unit, better }] of after.entries()) {
    const earlier = before[i].samples
    if (unit !== '1' || !samples || !earlier || samples.length < 2 || samples.length !== earlier.length)
      return undefined
    const sign = better === 'higher' ? -1 : 1
    folds.push(samples.flatMap((value, q) => (Number.isNaN(value - earlier[q]) ? [] : [sign * (value - earlier[q])])))
  }
  return folds.every((fold) => fold.length > 1) ? folds : undefined
}

const meanOf = (observations: readonly Observation[]): number => mean(observations.map(({ value }) => value))

function headOf({ key, subject, limit, before, after }: ResultPair): Head {
  const { metric, unit, better } = after[0]
  const kind = kindOf(after[0])
  return { key, subject, metric, unit, better, limit, kind, before: meanOf(before), after: meanOf(after) }
}

function exactRow(pair: ResultPair): GateRow {
  const head = headOf(pair)
  const value = worsening(head.better, pair.limit, head.before!, head.after!)
  const change = changeOn(pair.limit, { value, low: value, high: value })
  const text = changeText(pair.limit, change)
  const limit = limitText(pair.limit)
  const rest = { ...head, evidence: 'exact' as const, change, pairs: pair.after.length }
  if (Number.isNaN(value))
    return { ...rest, verdict: 'inconclusive', reason: `${head.before} before and ${head.after} now: no share of it` }
  if (value > limitOn(pair.limit))
    return { ...rest, verdict: 'regressed', reason: `${text}: worse by more than ${limit}` }
  if (value === 0) return { ...rest, verdict: 'equivalent', reason: 'the same number' }
  return value < 0
    ? { ...rest, verdict: 'improved', reason: `${text}: better` }
    : { ...rest, verdict: 'equivalent', reason: `${text}: not worse by more than ${limit}` }
}

/** p of a mean that is `limit` at most (`side` 1) or at least (-1). */
function p({ difference, error, degreesOfFreedom }: Estimate, limit: number, side: 1 | -1): number {
  const room = side * (difference - limit)
  if (error === 0) return room > 0 ? 0 : 1
  const tail = studentTails(room / error, degreesOfFreedom) / 2
  return room > 0 ? tail : 1 - tail
}

interface Paired {
  readonly pair: ResultPair
  readonly estimate: Estimate
  /** On the scale of an amount: the limit itself, or a share of the mean before. */
  readonly limit: number
}

const amountOf = ({ limit, before }: ResultPair): number =>
  limit.by === 'amount' ? limit.most : limit.most * Math.abs(meanOf(before))

function pairedRow({ pair, estimate, limit }: Paired, alarm: number, plan: GatePlan, family: number): GateRow {
  const { difference: value, error, degreesOfFreedom } = estimate
  const reach = (level: number) => (error === 0 ? 0 : error * studentQuantile(1 - level, degreesOfFreedom))
  const bounds = { value, low: value - reach(plan.alarm / family), high: value + reach(plan.pass) }
  const amount: Limit = { ...pair.limit, by: 'amount', most: limit }
  const text = `${changeText(amount, bounds)} over ${estimate.pairs} queries`
  const rest = { ...headOf(pair), limit: amount, evidence: 'queries' as const, change: bounds, pairs: estimate.pairs }
  if (alarm <= plan.alarm)
    return { ...rest, verdict: 'regressed', reason: `${text}: worse by more than ${limitText(amount)}` }
  if (p(estimate, limit, -1) > plan.pass)
    return {
      ...rest,
      verdict: 'inconclusive',
      reason: `${text}: cannot be told from ${limitText(amount)}; more queries or seeds would`,
    }
  return p(estimate, 0, -1) <= plan.alarm / family
    ? { ...rest, verdict: 'improved', reason: `${text}: better` }
    : { ...rest, verdict: 'equivalent', reason: `${text}: not worse by ${limitText(amount)}` }
}

function estimated(pair: ResultPair): Paired | undefined {
  const folds = queryDifferences(pair)
  if (folds?.every((fold) => fold.every((each) => each === 0))) return undefined
  const estimate = folds && stratifiedEstimate(folds)
  return estimate && { pair, estimate, limit: amountOf(pair) }
}

/** A row a pair, in their order; false alarms of all that are tested are controlled together, by Holm. */
export function resultRows(pairs: readonly ResultPair[], plan: GatePlan): GateRow[] {
  const tested = new Map(pairs.map((pair) => [pair, estimated(pair)]))
  const all = [...tested.values()].filter((each) => each !== undefined)
  const corrected = holm(all.map(({ estimate, limit }) => p(estimate, limit, 1)))
  return pairs.map((pair) => {
    const paired = tested.get(pair)
    return paired ? pairedRow(paired, corrected[all.indexOf(paired)], plan, all.length) : exactRow(pair)
  })
}
