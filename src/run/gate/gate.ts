/** The story of a gate: two versions side by side, what they are compared by, and what came out. Prints nothing. */

import type { RunConfig } from '../../config/schema.ts'
import { usageError } from '../../core/errors.ts'
import type { GatePlan, GateResult, GateRow, Side } from '../../core/gate.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation, RunCell, TurnOutcome } from '../../core/result.ts'
import { limitOf, type PolicyLine, unmetLines } from '../../judge/gate/policy.ts'
import { type ResultPair, resultRows } from '../../judge/gate/results.ts'
import { looksUpTo } from '../../judge/gate/sequential.ts'
import { subjectOf } from '../../judge/gate/subject.ts'
import { now, nowNs } from '../../measure/clock.ts'
import type { Counter } from '../../measure/counters.ts'
import { describeEnvironment, environmentAdvice, machineFacts, readEnvironment } from '../../measure/environment.ts'
import { version } from '../../measure/version.ts'
import { datasets, experiments, operators } from '../../registry.ts'
import { readFloor } from '../../store/floor.ts'
import { otherVersion, thisBuild, type Version } from '../../systems/build/version.ts'
import { interruptible, type RunOptions } from '../run.ts'
import { type CellContestants, cellContestants } from './cells.ts'
import { commandContestants } from './commands.ts'
import { playContest } from './contest.ts'
import { type Extras, extraPairs } from './extras.ts'
import { heldPolicy } from './floor.ts'
import { nothingToCompare } from './rows.ts'
import type { GateSubject } from './series.ts'

export interface GateOptions extends RunOptions, Extras {
  /** The earlier version: a folder, a git ref, name@version. */
  readonly against?: string | undefined
  /** Shell command that builds a git ref. */
  readonly prepare?: string | undefined
  /** Python of the earlier version of a peer. */
  readonly pythonBefore?: string | undefined
  /** Commands of the user's instead of cells. */
  readonly commands?: readonly string[] | undefined
  readonly commandsBefore?: readonly string[] | undefined
  /** Of numbers that commands print: those of which more is better. */
  readonly higher?: ((metric: string) => boolean) | undefined
  readonly counter?: Counter | undefined
  /** Which number may get how much worse; the last line that fits counts. */
  readonly policy: readonly PolicyLine[]
  /** Most rounds; default 24. */
  readonly rounds?: number | undefined
  /** Minutes; default as many as it takes. */
  readonly budget?: number | undefined
  /** Probability of a false alarm of the gate; default .01. */
  readonly alarm?: number | undefined
  /** Probability that a number that is worse by its limit passes; default .05. */
  readonly pass?: number | undefined
  readonly spending?: GatePlan['spending'] | undefined
  readonly seed?: number | undefined
  /** Told of every visit of the rounds, with all its samples. */
  readonly onVisit?: ((key: string, side: Side, outcome: TurnOutcome) => void) | undefined
}

interface Gated {
  readonly result: GateResult
  readonly interrupted: boolean
}

/** As many rounds as it takes on a machine with a noise of 3 % a pair to see 3 %. */
const usualRounds = 24

export const gatePlan = ({
  rounds = usualRounds,
  alarm = 0.01,
  pass = 0.05,
  spending = 'obrien-fleming',
}: Partial<GateOptions>): GatePlan => ({
  looks: looksUpTo(rounds),
  alarm,
  pass,
  spending,
  confirm: rounds,
})

/** Who is compared, and how a subject is measured. */
type Contestants = Pick<CellContestants, 'parties' | 'timed' | 'untimed' | 'notes'> & {
  measure(key: string, side: Side): Promise<TurnOutcome>
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

const spaces = () => new Map([...operators, ...datasets, ...experiments].map(([name, { params }]) => [name, params]))

interface Visited {
  readonly cell: RunCell
  readonly before: TurnOutcome
  readonly after: TurnOutcome
}

const observations = (outcome: TurnOutcome): readonly Observation[] =>
  outcome.status === 'measured' ? outcome.observations : []

/** Numbers that all cells of a question have on both sides. */
function questionPairs(visited: readonly Visited[], policy: readonly PolicyLine[]): ResultPair[] {
  const { key, cell } = visited[0].cell
  const { label, names } = subjectOf(spaces(), visited.length > 1 ? { ...cell, split: '' } : cell)
  return observations(visited[0].after).flatMap(({ metric, better }) => {
    const limit = better === 'neither' ? undefined : limitOf(policy, [...names, label], metric)
    const [before, after] = (['before', 'after'] as const).map((side) =>
      visited.flatMap((each) => observations(each[side]).filter((one) => one.metric === metric)),
    )
    if (!limit || before.length !== visited.length || after.length !== visited.length) return []
    return [{ key, subject: label, limit, before, after }]
  })
}

interface Untimed {
  readonly pairs: readonly ResultPair[]
  readonly failures: GateResult['failures']
  readonly missing: readonly GateRow[]
}

const whyOf = (outcome: TurnOutcome): string => (outcome.status === 'failed' ? outcome.error.message : outcome.status)

function untimedOf(visited: readonly Visited[], policy: readonly PolicyLine[]): Untimed {
  const { label } = subjectOf(spaces(), visited[0].cell.cell)
  const failed = visited.find(({ after }) => after.status !== 'measured')
  if (failed)
    return { pairs: [], missing: [], failures: [{ subject: label, side: 'after', reason: whyOf(failed.after) }] }
  const absent = visited.find(({ before }) => before.status !== 'measured')
  if (!absent) return { pairs: questionPairs(visited, policy), failures: [], missing: [] }
  const { key } = visited[0].cell
  const row = nothingToCompare({ key, label }, `the earlier version has no number: ${whyOf(absent.before)}`)
  return { pairs: [], failures: [], missing: [row] }
}

/** Each untimed cell once on each side, both at a time. */
async function visitUntimed(
  { untimed, measure }: Contestants,
  policy: readonly PolicyLine[],
  signal: AbortSignal,
): Promise<Untimed[]> {
  const found: Untimed[] = []
  for (const question of untimed) {
    const visited: Visited[] = []
    for (const cell of question) {
      const [before, after] = await Promise.all((['before', 'after'] as const).map((side) => measure(cell.key, side)))
      if (signal.aborted) return found
      visited.push({ cell, before, after })
    }
    found.push(untimedOf(visited, policy))
  }
  return found
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
    const extras = other?.isBuild ? extraPairs(other, thisBuild(), held, held.policy) : []
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
