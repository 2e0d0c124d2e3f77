/** What this machine can tell apart: two processes of the same build, again and again. */

import { loadConfig } from '../../config/load.ts'
import { robustDeviation, smallestLimit } from '../../judge/gate/sequential.ts'
import { now } from '../../measure/clock.ts'
import type { Counter } from '../../measure/counters.ts'
import { machineFacts, readEnvironment } from '../../measure/environment.ts'
import { availableCounters } from '../../measure/instructions.ts'
import { type Isolation, isolationAdvice, readIsolation } from '../../measure/isolation.ts'
import { measureSteadiness, type Steadiness } from '../../measure/steadiness.ts'
import { version } from '../../measure/version.ts'
import { type Floor, writeFloor } from '../../store/floor.ts'
import { thisBuild } from '../../systems/build/version.ts'
import type { RunEvents } from '../run.ts'
import { cellContestants } from './cells.ts'
import { gatePlan } from './options.ts'
import { addPair, differencesOf, type Series, seriesOf } from './series.ts'

export interface Diagnosis {
  readonly steadiness: Steadiness
  readonly isolation: Isolation
  readonly counters: readonly Counter[]
  readonly floor: Floor
  /** The smallest limit on a time that a gate of the usual rounds holds here. */
  readonly smallestLimit: number
  readonly advice: readonly string[]
  /** Where the floor is kept. */
  readonly path: string
}

/** Differences of pairs of processes of this build, over all its times. */
async function sameBuild(rounds: number, events: RunEvents): Promise<number> {
  const contest = await cellContestants(loadConfig('doctor'), { other: thisBuild(), events })
  const [subject] = contest.timed
  const progress = events.progress?.(rounds)
  let series: readonly Series[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? ('before' as const) : ('after' as const)
    const second = first === 'before' ? 'after' : 'before'
    const found = {
      [first]: await contest.measure(subject.key, first),
      [second]: await contest.measure(subject.key, second),
    }
    const outcomes = { before: found.before, after: found.after }
    if (round === 0) series = seriesOf(subject, outcomes, [{ metric: 'time*', limit: { by: 'share', most: 0 } }])
    for (const each of series) addPair(each, outcomes)
    progress?.advance(subject.label)
  }
  progress?.stop()
  return series.reduce((most, each) => Math.max(most, robustDeviation(differencesOf(each))), 0)
}

/** @param rounds pairs of processes; 12 take some ten seconds */
export async function diagnose(rounds: number, events: RunEvents): Promise<Diagnosis> {
  const steadiness = measureSteadiness(1000)
  const isolation = readIsolation()
  const deviation = await sameBuild(rounds, events)
  const floor: Floor = { machine: machineFacts(readEnvironment(version)), at: now().toISOString(), deviation, rounds }
  return {
    steadiness,
    isolation,
    counters: availableCounters(),
    floor,
    smallestLimit: Math.expm1(smallestLimit(deviation, gatePlan({}))),
    advice: isolationAdvice(isolation),
    path: writeFloor(floor),
  }
}
