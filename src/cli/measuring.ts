/** Measuring from the command line: flags to options, events to the terminal, one closing sentence. */

import { join } from 'node:path'
import type { RunConfig } from '../config/schema.ts'
import { conclusionText } from '../report/conclusion.ts'
import { markdown } from '../report/formats/markdown.ts'
import { closingLine, tally } from '../results/tally.ts'
import { brief, conclusionOf, reportTables } from '../run/report.ts'
import { type MeasuredRun, measurePlanned, planConfig, type RunOptions } from '../run/run.ts'
import { writeAtomically } from '../store/run.ts'
import type { RunFlags } from './commands/run.ts'
import { exitCode } from './exit.ts'
import { print, tell } from './output.ts'
import { printPlan } from './print-plan.ts'
import { startProgress } from './progress.ts'
import { onScreen, screenOptions } from './screen.ts'

export type MeasureFlags = Pick<
  RunFlags,
  | 'out'
  | 'data'
  | 'python'
  | 'peer'
  | 'fresh'
  | 'reuse'
  | 'dryRun'
  | 'jobs'
  | 'timeout'
  | 'memory'
  | 'progress'
  | 'full'
>

/** The command as a shell would take it again. */
const commandLine = (): string =>
  `rank-bench ${process.argv
    .slice(2)
    .map((word) => (/^[\w./:=,-]+$/.test(word) ? word : `'${word}'`))
    .join(' ')}`

const optionsOf = ({ progress, dryRun: _, full: __, ...flags }: MeasureFlags): RunOptions => ({
  ...flags,
  command: commandLine(),
  events: { note: tell, progress: (visits) => startProgress(visits, progress) },
})

/** Measures a config and answers with what is there now; after a dry run, which prints the plan, with nothing. */
export async function measureInto(config: RunConfig, flags: MeasureFlags): Promise<MeasuredRun | undefined> {
  const options = optionsOf(flags)
  const planned = await planConfig(config, options)
  if (!flags.dryRun) return measurePlanned(planned, options)
  printPlan(planned.plan, planned.protocol)
  return undefined
}

/** rank-bench run. @returns the exit code */
export async function measureRun(config: RunConfig, flags: MeasureFlags): Promise<number> {
  const measured = await measureInto(config, flags)
  if (!measured) return exitCode.good
  const { data, interrupted } = measured
  const papers = config.papers ?? []
  writeAtomically(join(data.directory, 'report.md'), markdown(await reportTables(data, { papers })))
  if (interrupted) {
    tell(`interrupted; what finished is kept. To resume: ${data.command}`)
    return exitCode.interrupted
  }
  const { shown, left } = await brief(data, papers, flags.full)
  print(onScreen(shown))
  if (left.length > 0)
    print(
      `${left.length} more tables: rank-bench report ${data.directory}, or again with --full (nothing is measured twice)\n`,
    )
  print(conclusionText(await conclusionOf(data, papers), screenOptions().width))
  const counts = tally(data)
  const code = counts.failed + counts.timeout + counts.incomplete > 0 ? exitCode.incomplete : exitCode.good
  print(closingLine('run', counts, code, data.directory))
  return code
}
