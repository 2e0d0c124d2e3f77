/** The story of a gate: two versions side by side, what they are compared by, and what came out. Prints nothing. */

import type { RunConfig } from '../../config/schema.ts'
import { usageError } from '../../core/errors.ts'
import type { GatePlan, GateResult, GateRow, Side } from '../../core/gate.ts'
import { randomStream } from '../../core/random.ts'
import type { VisitOutcome } from '../../core/result.ts'
import { type PolicyLine, unmetLines } from '../../judge/gate/policy.ts'
import { type ResultPair, resultRows } from '../../judge/gate/results.ts'
import { now, nowNs } from '../../measure/clock.ts'
import { describeEnvironment, environmentAdvice, machineFacts, readEnvironment } from '../../measure/environment.ts'
import { version } from '../../measure/version.ts'
import { readFloor } from '../../store/floor.ts'
import { otherVersion, thisBuild, thisProject, type Version } from '../../systems/build/version.ts'
import { interruptible } from '../run.ts'
import { type CellContestants, cellContestants } from './cells.ts'
import { commandContestants } from './commands.ts'
import { playContest } from './contest.ts'
import { extraPairs } from './extras.ts'
import { heldPolicy } from './floor.ts'
import { type GateOptions, gatePlan } from './options.ts'
import { nothingToCompare } from './rows.ts'
import type { GateSubject } from './series.ts'
import { visitUntimed } from './untimed.ts'

interface Gated {
  readonly result: GateResult
  readonly interrupted: boolean
}

/** Who is compared, and how a subject is measured. */
type Contestants = Pick<CellContestants, 'parties' | 'timed' | 'untimed' | 'notes'> & {
  measure(key: string, side: Side): Promise<VisitOutcome>
}

async function contestantsOf(
  config: RunConfig | undefined,
  options: GateOptions,
  other: Version | undefined,
  signal: AbortSignal,
): Promise<Contestants> {
  const { commands, commandsBefore, higher = () => false, counter, timeout = 600 } = options
  if (!commands) {
    if (!other && options.pythonBefore === undefined)
      throw usageError(
        'there is nothing to compare with',
        '--against <folder|git ref|name@version>, --python-before <interpreter>, or two stored runs: rank-bench gate <before> <after>',
      )
    return cellContestants(config!, { ...options, other, signal })
  }
  const contest = commandContestants({
    commands,
    commandsBefore,
    other,
    higher,
    counter,
    timeoutMs: timeout * 1000,
    signal,
  })
  return { parties: contest.parties, timed: contest.subjects, untimed: [], measure: contest.measure, notes: [] }
}

/** Level of the part of the rows that are tested in rounds, and of those that are tested otherwise: together what was asked for. */
const shared = (plan: GatePlan, hasBoth: boolean): GatePlan => (hasBoth ? { ...plan, alarm: plan.alarm / 2 } : plan)

async function play(contest: Contestants, options: GateOptions, extras: readonly ResultPair[], signal: AbortSignal) {
  const began = nowNs()
  const minutes = () => (nowNs() - began) / 6e10
  const plan = gatePlan(options)
  const untimed = await visitUntimed(contest, options.policy, signal)
  const pairs = [...extras, ...untimed.flatMap((each) => each.pairs)]
  const own = shared(plan, pairs.length > 0 && contest.timed.length > 0)
  const progress = options.events?.progress?.(contest.timed.length * plan.looks[plan.looks.length - 1])
  const rounds = await playContest({
    subjects: contest.timed,
    measure: async ({ key }: GateSubject, side: Side) => {
      const outcome = await contest.measure(key, side)
      options.onVisit?.(key, side, outcome)
      return outcome
    },
    policy: options.policy,
    plan: own,
    random: randomStream(options.seed ?? 1, `gate ${process.pid} ${began}`),
    minutes,
    budget: options.budget ?? Number.POSITIVE_INFINITY,
    onPair: (label) => progress?.advance(label),
    signal,
  })
  progress?.stop()
  return {
    plan,
    rows: [...rounds.rows, ...resultRows(pairs, own), ...untimed.flatMap((each) => each.missing)],
    failures: [...rounds.failures, ...untimed.flatMap((each) => each.failures)],
    rounds: rounds.rounds,
    minutes: minutes(),
  }
}

const unmetRow = ({ match, metric }: PolicyLine): GateRow => ({
  ...nothingToCompare(
    { key: 'policy', label: match ?? 'every subject' },
    'the limit was asked for, and no number is called so',
  ),
  metric,
})

/**
 * Compares two versions of a build, of commands, or of a peer, side by side.
 * @param config cells; not asked for where commands are compared
 * @throws RankBenchError(usage | data) as what is to be compared cannot be understood, built or read
 */
export async function runGate(config: RunConfig | undefined, options: GateOptions): Promise<Gated> {
  const note = options.events?.note ?? (() => {})
  const other =
    options.against === undefined
      ? undefined
      : otherVersion(options.against, process.cwd(), { prepare: options.prepare, note })
  const environment = readEnvironment(version)
  for (const advice of environmentAdvice(environment)) note(`warning: ${advice}`)
  const floor = options.commands ? undefined : readFloor(machineFacts(environment))
  const held = { ...options, policy: heldPolicy(options.policy, gatePlan(options), floor, note) }
  const { signal, release } = interruptible()
  try {
    const contest = await contestantsOf(config, held, other, signal)
    const extras = other
      ? extraPairs(other, other.isBuild ? thisBuild() : thisProject(process.cwd()), held, held.policy)
      : []
    const played = await play(contest, held, extras, signal)
    const unmet = unmetLines(held.policy, played.rows)
    const result: GateResult = {
      format: 1,
      name: config?.name ?? 'commands',
      command: options.command ?? 'runGate',
      createdAt: now().toISOString(),
      before: contest.parties.before,
      after: contest.parties.after,
      machine: describeEnvironment(environment),
      ...played,
      rows: [...played.rows, ...unmet.map(unmetRow)],
      notes: contest.notes,
    }
    return { result, interrupted: signal.aborted }
  } finally {
    release()
  }
}
