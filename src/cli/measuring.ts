/** Measuring from the command line: flags to options, events to the terminal. */

import type { RunConfig } from '../config/schema.ts'
import { type MeasuredRun, measurePlanned, planConfig, type RunOptions } from '../run/run.ts'
import type { MeasuringFlags } from './measuring-options.ts'
import { tell } from './output.ts'
import { printPlan } from './print-plan.ts'
import { startProgress } from './progress.ts'

/** The command as a shell would take it again. */
const commandLine = (): string =>
  `rank-bench ${process.argv
    .slice(2)
    .map((word) => (/^[\w./:=,-]+$/.test(word) ? word : `'${word}'`))
    .join(' ')}`

const optionsOf = ({ progress, dryRun: _, full: __, ...flags }: MeasuringFlags): RunOptions => ({
  ...flags,
  command: commandLine(),
  events: { note: tell, progress: (visits) => startProgress(visits, progress) },
})

/** Measures a config and answers with what is there now; after a dry run, which prints the plan, with nothing. */
export async function measureInto(config: RunConfig, flags: MeasuringFlags): Promise<MeasuredRun | undefined> {
  const options = optionsOf(flags)
  const planned = await planConfig(config, options)
  if (!flags.dryRun) return measurePlanned(planned, options)
  printPlan(planned.plan, planned.protocol)
  return undefined
}
