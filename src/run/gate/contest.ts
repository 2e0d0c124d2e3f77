/**
 * The rounds of a gate: every subject on both sides, each time in a fresh process, subjects in an order shuffled anew and sides by
 * the toss of a coin. After the rounds of a look what is decided leaves; an alarm is tried on fresh rounds before it is reported.
 */

import type { GateFailure, GatePlan, GateRow, Side } from '../../core/gate.ts'
import type { Random } from '../../core/random.ts'
import type { VisitOutcome } from '../../core/result.ts'
import type { PolicyLine } from '../../judge/gate/policy.ts'
import { confirmingLooks, type Family, isConfirmed, type Looked, takeLook } from '../../judge/gate/sequential.ts'
import { alarmRow, failureOf, type OpenQuestions, openRow, settledRow, withoutEarlier } from './rows.ts'
import { addPair, type GateSubject, type Outcomes, questionOf, type Series, seriesOf } from './series.ts'

interface Contest {
  readonly subjects: readonly GateSubject[]
  measure(subject: GateSubject, side: Side): Promise<VisitOutcome>
  readonly policy: readonly PolicyLine[]
  readonly plan: GatePlan
  readonly random: Random
  /** Minutes since the gate began; read from a clock, or from a test. */
  minutes(): number
  /** Minutes that it may take. */
  readonly budget: number
  /** Called after each pair. */
  onPair?(label: string): void
  readonly signal?: AbortSignal
}

interface ContestResult {
  readonly rows: readonly GateRow[]
  /** Subjects whose later side gave no number, with the reason. */
  readonly failures: readonly GateFailure[]
  readonly rounds: number
}

/** A number that is still being measured, or how it ended. */
interface Track {
  readonly series: Series
  looked: Looked | undefined
}

interface State {
  readonly tracks: Map<string, Track[]>
  readonly lost: Map<string, Outcomes>
  rounds: number
  /** Minutes of the rounds alone. */
  spent: number
}

async function pairOf(contest: Contest, subject: GateSubject): Promise<Outcomes> {
  const order: readonly Side[] = contest.random.uniform() < 0.5 ? ['before', 'after'] : ['after', 'before']
  const first = await contest.measure(subject, order[0])
  const second = await contest.measure(subject, order[1])
  contest.onPair?.(subject.label)
  return order[0] === 'before' ? { before: first, after: second } : { before: second, after: first }
}

const isLost = ({ before, after }: Outcomes): boolean => before.status !== 'measured' || after.status !== 'measured'

const isOver = ({ signal, minutes, budget }: Contest): boolean => (signal?.aborted ?? false) || minutes() >= budget

const openTracks = ({ tracks }: State): Track[] =>
  [...tracks.values()].flat().filter(({ looked }) => looked?.verdict === undefined)

/** One round over subjects that have an open number. @returns false when time was up in the middle of it */
async function playRound(contest: Contest, state: State, subjects: readonly GateSubject[]): Promise<boolean> {
  for (const subject of contest.random.shuffle([...subjects])) {
    if (isOver(contest)) return false
    const outcomes = await pairOf(contest, subject)
    if (contest.signal?.aborted) return false
    if (isLost(outcomes)) {
      state.lost.set(subject.key, outcomes)
      state.tracks.delete(subject.key)
      continue
    }
    const tracks =
      state.tracks.get(subject.key) ??
      seriesOf(subject, outcomes, contest.policy).map((series): Track => ({ series, looked: undefined }))
    state.tracks.set(subject.key, tracks)
    for (const { series, looked } of tracks) if (looked?.verdict === undefined) addPair(series, outcomes)
  }
  return true
}

/** Subjects that were not met yet, or have an open number. */
const stillOpen = (contest: Contest, { tracks, lost }: State): GateSubject[] =>
  contest.subjects.filter(({ key }) => {
    const own = tracks.get(key)
    return !lost.has(key) && (!own || own.some(({ looked }) => looked?.verdict === undefined))
  })

const familyOf = ({ tracks }: State): Family => {
  const all = [...tracks.values()].flat()
  return { size: all.length, alarms: all.filter(({ looked }) => looked?.verdict === 'regressed').length }
}

function lookAt(contest: Contest, state: State, look: number): void {
  // A pair that one side could not finish leaves a series short: it waits for the next look.
  const ready = openTracks(state).filter(({ series }) => series.after.length === contest.plan.looks[look])
  const looked = takeLook(
    ready.map(({ series }) => questionOf(series)),
    contest.plan,
    look,
    familyOf(state),
  )
  ready.forEach((track, i) => {
    track.looked = looked[i]
  })
}

async function playLooks(contest: Contest, state: State): Promise<void> {
  const began = contest.minutes()
  for (const [look, until] of contest.plan.looks.entries()) {
    while (state.rounds < until) {
      const subjects = stillOpen(contest, state)
      if (subjects.length === 0 || !(await playRound(contest, state, subjects))) return
      state.rounds++
      state.spent = contest.minutes() - began
    }
    lookAt(contest, state, look)
  }
}

/** An alarm on fresh rounds. */
interface Trial {
  readonly fresh: Series
  confirmed: boolean
}

const freshly = (series: Series): Series => ({ ...series, before: [], after: [] })

/** Fresh rounds of the subjects that alarm, until each alarm is confirmed or has had its rounds. */
async function confirm(contest: Contest, alarms: readonly Series[]): Promise<ReadonlyMap<Series, Trial>> {
  const trials = new Map(
    alarms.map((series): [Series, Trial] => [series, { fresh: freshly(series), confirmed: false }]),
  )
  let rounds = 0
  for (const [look, until] of confirmingLooks(contest.plan).entries()) {
    const open = [...trials.values()].filter(({ confirmed }) => !confirmed)
    for (; rounds < until && open.length > 0; rounds++) {
      for (const subject of new Set(open.map(({ fresh }) => fresh.subject))) {
        if (contest.signal?.aborted) return trials
        const outcomes = await pairOf(contest, subject)
        for (const { fresh } of open) if (fresh.subject === subject) addPair(fresh, outcomes)
      }
    }
    for (const trial of open) trial.confirmed = isConfirmed(questionOf(trial.fresh), contest.plan, look)
  }
  return trials
}

export async function playContest(contest: Contest): Promise<ContestResult> {
  const state: State = { tracks: new Map(), lost: new Map(), rounds: 0, spent: 0 }
  await playLooks(contest, state)
  const tracks = [...state.tracks.values()].flat()
  const alarms = tracks.flatMap(({ series, looked }) => (looked?.verdict === 'regressed' ? [series] : []))
  const trials = await confirm(contest, alarms)
  const open: OpenQuestions = {
    plan: contest.plan,
    family: familyOf(state),
    minutesARound: state.rounds > 0 ? state.spent / state.rounds : 0,
  }
  const rows = tracks.map(({ series, looked }) => {
    const trial = trials.get(series)
    if (trial) return alarmRow(series, looked!, trial)
    return looked?.verdict ? settledRow(series, looked) : openRow(series, looked, open)
  })
  const lost = contest.subjects.flatMap((subject) => {
    const outcomes = state.lost.get(subject.key)
    return outcomes ? [{ subject, outcomes }] : []
  })
  return {
    rows: [...rows, ...lost.flatMap(({ subject, outcomes }) => withoutEarlier(subject, outcomes))],
    failures: lost.flatMap(({ subject, outcomes }) => failureOf(subject, outcomes)),
    rounds: state.rounds,
  }
}
