/**
 * Two stored runs, cell by cell. They were not measured side by side: what the machine did meanwhile is in the difference, and on
 * another machine there is nothing to compare. Their processes are two groups that nothing pairs.
 */

import { groupOf } from '../../core/cell.ts'
import type { GatePlan, GateRow } from '../../core/gate.ts'
import type { Entry, RunData } from '../../core/report.ts'
import { forksOf } from '../../core/visits.ts'
import { changeText, limitText } from '../../report/gate/words.ts'
import { holm } from '../../stats/paired.ts'
import { median, quantileSorted } from '../../stats/quantile.ts'
import { boundsOf, pAboveShift, pBelowShift, type Shifts, shiftsOf } from '../../stats/rank-sum.ts'
import { kindOf, limitOf, type PolicyLine } from './policy.ts'
import { type ResultPair, resultRows } from './results.ts'
import { changeOn, limitOn, worsening } from './scale.ts'
import { subjectOf } from './subject.ts'

interface Timed {
  readonly row: Omit<GateRow, 'verdict' | 'reason'>
  readonly shifts: Shifts
  readonly limit: number
  /** Why the two times cannot be compared. */
  readonly elsewhere: string | undefined
}

const withoutNumber = (key: string, subject: string, reason: string): GateRow => ({
  key,
  subject,
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

/** Of runs that several machines took part in. */
const elsewhere = (before: Entry, after: Entry): string | undefined =>
  before.machine === after.machine
    ? undefined
    : `machine ${before.machine ?? 'unknown'}, now ${after.machine ?? 'unknown'}`

/** Numbers of the two entries that a limit is set for: those of times as groups of processes, others as results. */
function pairsOf(
  subject: { label: string; names: readonly string[] },
  before: Entry,
  after: Entry,
  policy: readonly PolicyLine[],
) {
  const times: Timed[] = []
  const results: ResultPair[] = []
  if (before.result.status !== 'measured' || after.result.status !== 'measured') return { times, results }
  for (const observation of after.result.observations) {
    const { metric, unit, better } = observation
    const earlier = before.result.observations.find((each) => each.metric === metric)
    const limit = better === 'neither' ? undefined : limitOf(policy, [...subject.names, subject.label], metric)
    if (!earlier || !limit) continue
    if (unit !== 'ns') {
      results.push({ key: after.key, subject: subject.label, limit, before: [earlier], after: [observation] })
      continue
    }
    const groups = [after, before].map(({ visits }) => forksOf(visits, metric).map((each) => median(each)))
    const [now, then] = groups.map((group) => group.map((value) => worsening(better, limit, 1, value)))
    const row = {
      key: after.key,
      subject: subject.label,
      metric,
      kind: kindOf(observation),
      unit,
      better,
      evidence: 'runs' as const,
      limit,
      before: median(groups[1]),
      after: median(groups[0]),
      pairs: Math.min(groups[0].length, groups[1].length),
    }
    times.push({ row, shifts: shiftsOf(now, then), limit: limitOn(limit), elsewhere: elsewhere(before, after) })
  }
  return { times, results }
}

function timedRow({ row, shifts, limit }: Timed, alarm: number, plan: GatePlan, family: number): GateRow {
  const value = quantileSorted(shifts.differences, 0.5)
  const change = changeOn(row.limit, { value, ...boundsOf(shifts, plan.alarm / family, plan.pass) })
  const text = `${changeText(row.limit, change)} over ${row.pairs} processes each`
  const known = { ...row, change }
  if (alarm <= plan.alarm)
    return { ...known, verdict: 'regressed', reason: `${text}: worse by more than ${limitText(row.limit)}` }
  if (pBelowShift(shifts, limit) > plan.pass)
    return {
      ...known,
      verdict: 'inconclusive',
      reason: `${text}: cannot be told from ${limitText(row.limit)}; --against measures both side by side`,
    }
  return pBelowShift(shifts, 0) <= plan.alarm / family
    ? { ...known, verdict: 'improved', reason: `${text}: better` }
    : { ...known, verdict: 'equivalent', reason: `${text}: not worse by ${limitText(row.limit)}` }
}

const sameSystem = (a: Entry, b: Entry): boolean =>
  a.cell.system === b.cell.system && groupOf(a.cell) === groupOf(b.cell)

/**
 * @param different facts of the machine in which the runs differ; with any, times are not judged
 * @returns a row a number that a limit is set for, and one a cell that the earlier run has no number of
 */
export function storedRows(
  before: RunData,
  after: RunData,
  policy: readonly PolicyLine[],
  plan: GatePlan,
  different: readonly string[],
): GateRow[] {
  const found = after.entries
    .filter(({ result }) => result.status === 'measured')
    .map((entry) => ({
      entry,
      subject: subjectOf(after.spaces, entry.cell),
      earlier:
        before.entries.find((each) => sameSystem(each, entry) && each.machine === entry.machine) ??
        before.entries.find((each) => sameSystem(each, entry)),
    }))
  const missing = found.flatMap(({ entry, subject, earlier }) =>
    earlier?.result.status === 'measured'
      ? []
      : [withoutNumber(entry.key, subject.label, 'the earlier run has no number of it')],
  )
  const pairs = found.flatMap(({ entry, subject, earlier }) =>
    earlier ? [pairsOf(subject, earlier, entry, policy)] : [],
  )
  const times = pairs.flatMap((pair) => pair.times)
  const alarms = holm(times.map(({ shifts, limit }) => pAboveShift(shifts, limit)))
  const timed = times.map((each, i) => {
    const row = timedRow(each, alarms[i], plan, times.length)
    const facts = [...different, ...(each.elsewhere === undefined ? [] : [each.elsewhere])]
    return facts.length === 0
      ? row
      : {
          ...row,
          verdict: 'inconclusive' as const,
          reason: `measured on another machine (${facts.join('; ')}): times of two machines are not compared; --against measures both here`,
        }
  })
  return [
    ...timed,
    ...resultRows(
      pairs.flatMap((pair) => pair.results),
      plan,
    ),
    ...missing,
  ]
}
