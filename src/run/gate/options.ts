/** What a gate is told, and the plan that it makes of it. */

import type { GatePlan, Side } from '../../core/gate.ts'
import type { VisitOutcome } from '../../core/result.ts'
import type { PolicyLine } from '../../judge/gate/policy.ts'
import { looksUpTo } from '../../judge/gate/sequential.ts'
import type { Counter } from '../../measure/counters.ts'
import type { RunOptions } from '../run.ts'

/** What a build is besides its cells. */
export interface Extras {
  /** Selectors of the operators whose laws are tried on both sides. */
  readonly certificates?: readonly string[] | undefined
  /** The package is weighed on both sides. */
  readonly size?: boolean | undefined
}

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
  readonly onVisit?: ((key: string, side: Side, outcome: VisitOutcome) => void) | undefined
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
