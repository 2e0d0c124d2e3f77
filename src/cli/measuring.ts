/** Measuring from the command line: flags to options, events to the terminal. */

import type { RunConfig } from '../config/schema.ts'
import { type MeasuredRun, measurePlanned, planConfig, type RunOptions } from '../run/run.ts'
import { commandLine } from './command-line.ts'
import { estimatesHere } from './estimates.ts'
import type { MeasuringFlags } from './measuring-options.ts'
import { tell } from './output.ts'
import { printPlan, printShard } from './print-plan.ts'
import { startProgress } from './progress.ts'

const optionsOf = ({ progress, ...flags }: MeasuringFlags): RunOptions => ({
  out: flags.out,
  data: flags.data,
  python: flags.python,
  peer: flags.peer,
  fresh: flags.fresh,
  reuse: flags.reuse,
  shard: flags.shard,
  costs: flags.costs,
  jobs: flags.jobs,
  timeout: flags.timeout,
  memory: flags.memory,
  command: commandLine(),
  events: { note: tell, progress: (visits) => startProgress(visits, progress) },
})

/** Measures a config and answers with what is there now; after a dry run, which prints the plan, with nothing. */
export async function measureInto(config: RunConfig, flags: MeasuringFlags): Promise<MeasuredRun | undefined> {
  const options = optionsOf(flags)
  const planned = await planConfig(config, options)
  if (!flags.dryRun) return measurePlanned(planned, options)
  if (flags.shard !== undefined) printShard(planned, flags.shard, flags)
  else printPlan(planned.plan, planned.protocol, estimatesHere(planned, flags)(planned.plan.cells))
  return undefined
}
