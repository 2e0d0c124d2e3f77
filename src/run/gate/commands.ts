/** Commands of the user's as subjects: each run on both sides, in the folder of its version. */

import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GateParty, Side } from '../../core/gate.ts'
import type { VisitOutcome } from '../../core/result.ts'
import { visitCommand } from '../../measure/command.ts'
import type { Counter } from '../../measure/counters.ts'
import { countInstructions } from '../../measure/instructions.ts'
import { thisProject, type Version } from '../../systems/build/version.ts'
import type { GateSubject } from './series.ts'

interface CommandOptions {
  readonly commands: readonly string[]
  /** What the earlier side runs instead, in the same order; default: the same. */
  readonly commandsBefore?: readonly string[] | undefined
  /** The earlier version; without one both sides run here. */
  readonly other?: Version | undefined
  /** Metrics of which more is better. */
  readonly higher: (metric: string) => boolean
  /** Also counts instructions. */
  readonly counter?: Counter | undefined
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

interface CommandContestants {
  readonly parties: Readonly<Record<Side, GateParty>>
  readonly subjects: readonly GateSubject[]
  measure(key: string, side: Side): Promise<VisitOutcome>
}

function partiesOf({ other, commandsBefore }: CommandOptions): Record<Side, GateParty> {
  const here = process.cwd()
  if (other) {
    const own = thisProject(here)
    return { before: { name: other.name, version: other.content }, after: { name: own.name, version: own.content } }
  }
  const before = commandsBefore ? commandsBefore.join('; ') : 'the same command'
  return { before: { name: before, version: 'here' }, after: { name: 'the command', version: 'here' } }
}

/** Both numbers of one visit. */
function joined(timed: VisitOutcome, counted: VisitOutcome): VisitOutcome {
  if (timed.status !== 'measured' || counted.status !== 'measured') return timed.status === 'measured' ? counted : timed
  return { ...timed, observations: [...timed.observations, ...counted.observations] }
}

export function commandContestants(options: CommandOptions): CommandContestants {
  const { commands, commandsBefore, other, higher, counter, timeoutMs, signal } = options
  const folders: Readonly<Record<Side, string>> = { before: other?.root ?? process.cwd(), after: process.cwd() }
  return {
    parties: partiesOf(options),
    subjects: commands.map((command, i) => ({
      key: `command-${i + 1}`,
      label: command,
      names: [command, `command-${i + 1}`],
    })),
    async measure(key, side) {
      const i = Number(key.slice(key.lastIndexOf('-') + 1)) - 1
      const command = side === 'before' ? (commandsBefore?.[i] ?? commands[i]) : commands[i]
      const run = { command, folder: folders[side], env: { RANK_BENCH_SIDE: side }, timeoutMs, signal }
      const timed = await visitCommand(run, higher)
      if (!counter || timed.status !== 'measured') return timed
      return joined(timed, await countInstructions(counter, run, join(tmpdir(), `rank-bench-${randomUUID()}`)))
    },
  }
}
