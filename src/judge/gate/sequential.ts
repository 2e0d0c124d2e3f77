/**
 * One look at all open questions of a gate. Three tests a number, each with an error rate of its own:
 *
 * - regressed: worse by more than the limit. Over all numbers of the gate a false alarm is at most as likely as `plan.alarm`: Holm's
 *   procedure, whose levels are spent over the looks (Maurer and Bretz, "Multiple Testing in Group Sequential Trials Using
 *   Graphical Approaches", Statistics in Biopharmaceutical Research 2013).
 * - equivalent: worse by less than the limit. Passing needs every number to pass, so that each is tested at `plan.pass`: a gate with
 *   one regression in it passes at most that often (an intersection-union test).
 * - improved: better at all; only said of what passes, with the rate of alarms.
 */

import type { GatePlan, GateVerdict } from '../../core/gate.ts'
import { normalQuantile } from '../../stats/distributions.ts'
import { median } from '../../stats/quantile.ts'
import { lowerBound, pAbove, pBelow, shift, upperBound, walshAverages } from '../../stats/signed-rank.ts'
import { nominalLevels } from '../../stats/spending.ts'

/** Differences of one number, by the round, and its limit on their scale. */
export interface Question {
  readonly differences: readonly number[]
  readonly limit: number
}

/** What earlier looks have settled, of how many questions in all. */
export interface Family {
  readonly size: number
  readonly alarms: number
}

export interface Looked {
  readonly verdict: Exclude<GateVerdict, 'inconclusive'> | undefined
  readonly value: number
  readonly low: number
  readonly high: number
}

const known = new Map<string, readonly number[]>()

/** The p values that the looks of a plan need at an error rate. */
function levels({ looks, spending }: GatePlan, alpha: number): readonly number[] {
  const most = looks[looks.length - 1]
  const text = `${spending} ${alpha} ${looks.join()}`
  const found =
    known.get(text) ??
    nominalLevels(
      spending,
      alpha,
      looks.map((look) => look / most),
    )
  known.set(text, found)
  return found
}

/** The p value that the last of some alarms needs, at a look. */
const alarmLevel = (plan: GatePlan, look: number, { size, alarms }: Family): number =>
  levels(plan, plan.alarm / Math.max(1, size - alarms))[look]

const passLevel = (plan: GatePlan, look: number): number => levels(plan, plan.pass)[look]

/** Alarms of this look, by Holm: the clearest first, and each one makes the next easier. */
function alarmed(
  averages: readonly Float64Array[],
  questions: readonly Question[],
  plan: GatePlan,
  look: number,
  family: Family,
) {
  const order = questions.map((_, i) => i)
  const p = questions.map(({ limit }, i) => pAbove(averages[i], limit))
  order.sort((i, j) => p[i] - p[j])
  let { alarms } = family
  const raised = new Set<number>()
  for (const i of order) {
    if (p[i] > alarmLevel(plan, look, { size: family.size, alarms })) break
    raised.add(i)
    alarms++
  }
  return { raised, alarms }
}

/**
 * @param look index into the looks of the plan; every question holds as many differences as that look has rounds
 * @returns a verdict for each question that this look settles, and the bounds that decide
 */
export function takeLook(questions: readonly Question[], plan: GatePlan, look: number, family: Family): Looked[] {
  const averages = questions.map(({ differences }) => walshAverages(differences))
  const { raised, alarms } = alarmed(averages, questions, plan, look, family)
  const level = alarmLevel(plan, look, { size: family.size, alarms: Math.min(alarms, family.size - 1) })
  const pass = passLevel(plan, look)
  return questions.map(({ limit }, i) => {
    const bounds = {
      value: shift(averages[i]),
      low: lowerBound(averages[i], level),
      high: upperBound(averages[i], pass),
    }
    if (raised.has(i)) return { ...bounds, verdict: 'regressed' }
    if (pBelow(averages[i], limit) > pass) return { ...bounds, verdict: undefined }
    return { ...bounds, verdict: pBelow(averages[i], 0) <= level ? 'improved' : 'equivalent' }
  })
}

/** An alarm is confirmed by fresh rounds that alone show more than the limit, at this level over all looks at them. */
const confirmingLevel = 0.05

/** Rounds at which fresh rounds are looked at. */
export const confirmingLooks = ({ confirm }: GatePlan): number[] => looksUpTo(confirm)

/** @param question fresh differences, as many as that look has rounds */
export function isConfirmed({ differences, limit }: Question, plan: GatePlan, look: number): boolean {
  const looks = confirmingLooks(plan)
  const needed = levels({ ...plan, looks, spending: 'pocock' }, confirmingLevel)[look]
  return pAbove(walshAverages(differences), limit) <= needed
}

/** Rounds below which no difference however clear reaches a level. */
const fewestRounds = (level: number): number => Math.ceil(-Math.log2(level))

/** Variance of a median of averages of pairs is that of a mean times pi / 3, for normal noise. */
const efficiency = Math.PI / 3
const power = 0.8
/** A median of absolute deviations in standard deviations of normal noise. */
const perDeviation = 1.4826

/** Standard deviation of differences as outliers cannot move it. */
export function robustDeviation(differences: readonly number[]): number {
  const centre = median(differences)
  return perDeviation * median(differences.map((each) => Math.abs(each - centre)))
}

/** About how many rounds would tell a change from the limit with probability .8; Infinity where it lies on it. */
export function roundsNeeded({ differences, limit }: Question, plan: GatePlan, family: Family): number {
  const gap = shift(walshAverages(differences)) - limit
  const level = gap > 0 ? plan.alarm / Math.max(1, family.size) : plan.pass
  if (gap === 0) return Number.POSITIVE_INFINITY
  const deviations = normalQuantile(1 - level) + normalQuantile(power)
  const rounds = efficiency * ((deviations * robustDeviation(differences)) / gap) ** 2
  return Math.max(fewestRounds(level), Math.ceil(rounds))
}

/** The smallest limit that a number with this noise passes with probability .8 when nothing has changed. */
export function smallestLimit(deviation: number, plan: GatePlan): number {
  const most = plan.looks[plan.looks.length - 1]
  const deviations = normalQuantile(1 - passLevel(plan, plan.looks.length - 1)) + normalQuantile(power)
  return Math.sqrt(efficiency / most) * deviations * deviation
}

/** Looks up to a number of rounds: every other one at first, when clear cases are decided, and fewer later. */
export function looksUpTo(most: number): number[] {
  const looks = [5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128].filter((look) => look < most)
  return [...looks, most]
}
