/** Rows of a gate: what was found of each number, and why it is judged so. */

import type { GateFailure, GatePlan, GateRow } from '../../core/gate.ts'
import type { VisitOutcome } from '../../core/result.ts'
import { changeOn, limitOn } from '../../judge/gate/scale.ts'
import { type Family, type Looked, roundsNeeded } from '../../judge/gate/sequential.ts'
import { changeText, limitText, needText } from '../../report/gate/words.ts'
import { median } from '../../stats/quantile.ts'
import { shift, walshAverages } from '../../stats/signed-rank.ts'
import { differencesOf, type GateSubject, type Outcomes, questionOf, type Series } from './series.ts'

type Bounds = Pick<Looked, 'value' | 'low' | 'high'>

const rowOf = (series: Series, bounds: Bounds): Omit<GateRow, 'verdict' | 'reason'> => ({
  key: series.subject.key,
  ...(series.subject.earlierKey !== undefined && { earlierKey: series.subject.earlierKey }),
  subject: series.subject.label,
  metric: series.metric,
  kind: series.kind,
  unit: series.unit,
  better: series.better,
  evidence: 'rounds',
  limit: series.limit,
  before: median(series.before),
  after: median(series.after),
  change: changeOn(series.limit, bounds),
  pairs: series.after.length,
  differences: differencesOf(series),
})

export function settledRow(series: Series, looked: Looked): GateRow {
  const row = rowOf(series, looked)
  const text = changeText(series.limit, row.change!)
  const limit = limitText(series.limit)
  return looked.verdict === 'improved'
    ? { ...row, verdict: 'improved', reason: `${text}: better` }
    : { ...row, verdict: 'equivalent', reason: `${text}: not worse by ${limit}` }
}

/** An alarm, and what fresh rounds said of it. */
export function alarmRow(
  series: Series,
  looked: Looked,
  { fresh, confirmed }: { readonly fresh: Series; readonly confirmed: boolean },
): GateRow {
  const row = { ...rowOf(series, looked), confirming: differencesOf(fresh) }
  const text = `${changeText(series.limit, row.change!)}: worse by more than ${limitText(series.limit)}`
  const rounds = fresh.after.length
  return confirmed
    ? { ...row, verdict: 'regressed', reason: `${text}, and again in ${rounds} fresh rounds` }
    : { ...row, verdict: 'inconclusive', reason: `${text}, but not in ${rounds} fresh rounds: nothing that stays` }
}

export interface OpenQuestions {
  readonly plan: GatePlan
  readonly family: Family
  readonly minutesARound: number
}

/** What is known when rounds or minutes are over before the number is told from its limit. */
export function openRow(
  series: Series,
  looked: Looked | undefined,
  { plan, family, minutesARound }: OpenQuestions,
): GateRow {
  const question = questionOf(series)
  const pairs = question.differences.length
  const nothing = { value: 0, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const averages = walshAverages(question.differences)
  const row = rowOf(series, looked ?? (pairs === 0 ? nothing : { ...nothing, value: shift(averages) }))
  const most = plan.looks[plan.looks.length - 1]
  // What has not decided it so far is more than its spread: a quarter more is the least that is worth a try.
  const needed = pairs < 3 ? most - pairs : Math.max(pairs / 4, roundsNeeded(question, plan, family) - pairs)
  const change = changeText(series.limit, row.change!)
  if (question.differences.some(Number.isNaN))
    return {
      ...row,
      verdict: 'inconclusive',
      reason: `${series.metric} is below 0: there is no share of it; give an amount, as --limit '${series.metric}=0.1'`,
    }
  const side = pairs > 0 && shift(averages) > limitOn(series.limit) ? 'may be worse' : 'cannot be told'
  return {
    ...row,
    verdict: 'inconclusive',
    reason: `${change} after ${pairs} rounds: ${side}; ${needText(needed, minutesARound)}`,
  }
}

export const reasonOf = (outcome: VisitOutcome): string => {
  switch (outcome.status) {
    case 'measured':
      return 'measured'
    case 'failed':
      return outcome.error.message
    case 'timeout':
      return `gave no answer within ${outcome.limitMs / 1000} s`
    case 'skipped':
      return outcome.detail
  }
}

/** The later side could not be measured: that is for the exit code, whatever the earlier side did. */
export const failureOf = ({ label }: GateSubject, { after }: Outcomes): GateFailure[] =>
  after.status === 'measured' ? [] : [{ subject: label, side: 'after', reason: reasonOf(after) }]

/** There is nothing to compare with: never a pass. */
export const nothingToCompare = ({ key, label }: Pick<GateSubject, 'key' | 'label'>, reason: string): GateRow => ({
  key,
  subject: label,
  metric: '*',
  kind: 'result',
  unit: '1',
  better: 'neither',
  evidence: 'none',
  limit: { by: 'amount', most: 0 },
  pairs: 0,
  verdict: 'inconclusive',
  reason,
})

export const withoutEarlier = (subject: GateSubject, { before, after }: Outcomes): GateRow[] =>
  after.status === 'measured'
    ? [nothingToCompare(subject, `the earlier version has no number: ${reasonOf(before)}`)]
    : []
