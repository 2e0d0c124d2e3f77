/** Measuring from the command line: flags to options, events to the terminal. */

import type { RunConfig } from '../config/schema.ts'
import { readEnvironment } from '../measure/environment.ts'
import { version } from '../measure/version.ts'
import { operators } from '../registry.ts'
import { earlierVisits } from '../run/earlier.ts'
import { estimateTime } from '../run/estimate.ts'
import { type MeasuredRun, measurePlanned, planConfig, type RunOptions } from '../run/run.ts'
import { commandLine } from './command-line.ts'
import type { MeasuringFlags } from './measuring-options.ts'
import { tell } from './output.ts'
import { printPlan } from './print-plan.ts'
import { startProgress } from './progress.ts'

const optionsOf = ({ progress, ...flags }: MeasuringFlags): RunOptions => ({
  out: flags.out,
  data: flags.data,
  python: flags.python,
  peer: flags.peer,
  fresh: flags.fresh,
  reuse: flags.reuse,
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
  const { stable } = readEnvironment(version)
  const earlier = earlierVisits('runs', flags.out, stable)
  printPlan(
    planned.plan,
    planned.protocol,
    estimateTime(planned.plan.cells, planned.protocol, flags.jobs, earlier, operators),
  )
  return undefined
}
