/** rank-bench compare: two stored runs side by side: ratio, interval, test. */

import type { Command } from 'commander'
import { compareRuns } from '../../run/gate/compare.ts'
import { commandLine } from '../command-line.ts'
import { examples } from '../examples.ts'
import type { Finish } from '../exit.ts'
import { finishGate } from '../gate-finish.ts'
import { addGateFiles, addPolicy } from '../gate-options.ts'
import type { GateFiles } from '../gate-output.ts'
import { type PolicyFlags, policyOf } from '../gate-policy.ts'
import { tell } from '../output.ts'

interface CompareFlags extends GateFiles, PolicyFlags {
  alarm: number
  pass: number
}

export function addCompare(program: Command, finish: Finish): void {
  const command = program
    .command('compare')
    .description(
      'two stored runs or baselines side by side; exit 0 whatever came out (rank-bench gate has the exit codes)',
    )
    .argument('<before>', 'directory of a run, or name of a baseline')
    .argument('<after>', 'the same')
  addGateFiles(addPolicy(command))
    .addHelpText(
      'after',
      examples('rank-bench compare runs/before runs/after', "rank-bench compare main runs/after --limit 'time.*=5%'"),
    )
    .action(async (before: string, after: string, flags: CompareFlags) => {
      const { alarm, pass } = flags
      const options = { policy: policyOf(flags), alarm, pass, command: commandLine(), events: { note: tell } }
      finish(finishGate(await compareRuns(before, after, options), 'compare', flags, {}))
    })
}
