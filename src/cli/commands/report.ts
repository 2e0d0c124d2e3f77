/** rank-bench report: render a stored run. */

import { type Command, Option } from 'commander'
import { loadPaper, paperKeys } from '../../config/load.ts'
import { RankBenchError } from '../../core/errors.ts'
import type { RunData } from '../../core/report.ts'
import { parseMetrics } from '../../metrics/metric.ts'
import { type Format, formats } from '../../report/formats/formats.ts'
import { html } from '../../report/formats/html.ts'
import { loadRun } from '../../run/load.ts'
import { figuresOf, pageOf, reportTables, summaryTables } from '../../run/report.ts'
import { writeFigures } from '../../run/write-figures.ts'
import { word, words } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { printTo, tell } from '../output.ts'
import { rendered } from '../screen.ts'

interface ReportFlags {
  format: Format
  output?: string
  conventions?: boolean
  metrics?: string
  paper?: string[]
  showCommands?: boolean
  figures?: string
  summary?: boolean
}

/** A paper of a run that is not here any more is said, and its numbers are not judged. */
function stillHere(key: string): boolean {
  try {
    loadPaper(key)
    return true
  } catch (error) {
    if (!(error instanceof RankBenchError)) throw error
    tell(`note: the run names the paper ${key}, which cannot be read here: ${error.message}`)
    return false
  }
}

/** Those that were asked for; else those that the run was judged by. */
function papersOf({ paper }: ReportFlags, run: RunData): readonly string[] {
  if (paper?.includes('all')) return paperKeys()
  return paper ?? (run.papers ?? []).filter(stillHere)
}

export function addReport(program: Command, finish: Finish): void {
  program
    .command('report')
    .description('render a stored run')
    .argument('<run>', 'run directory', word)
    .addOption(new Option('--format <name>', 'what to write').choices(Object.keys(formats)).default('terminal'))
    .option('-o, --output <file>', 'write there instead of standard output', word)
    .addOption(
      new Option('--summary', 'only what a reader grasps at once: the field of rankers, verdicts by paper').conflicts([
        'conventions',
        'metrics',
        'showCommands',
      ]),
    )
    .option('--conventions', 'also show one ranking under every metric convention')
    .option('--metrics <list>', "columns of the ranking tables, e.g. 'ndcg@3:letor4,p@5:letor4'", word)
    .option(
      '--paper <key>',
      'judge the claims of this paper; repeatable; "all" for all that ship (default: those of the run)',
      words,
    )
    .option('--show-commands', 'the command that re-derives each published number')
    .option('--figures <folder>', 'also write the pictures of the run there, as SVG', word)
    .addHelpText(
      'after',
      examples(
        'rank-bench report runs/quick-1a2b3c4d',
        'rank-bench report runs/quick-1a2b3c4d --format html -o report.html',
        'rank-bench report runs/standard-1a2b3c4d --summary --paper all',
      ),
    )
    .action(async (directory: string, flags: ReportFlags) => {
      const run = await loadRun(directory, (note) => tell(`note: ${note}`))
      const papers = papersOf(flags, run)
      const tables = flags.summary
        ? await summaryTables(run, papers)
        : await reportTables(run, {
            papers,
            metrics: flags.metrics ? parseMetrics(flags.metrics).map((metric) => metric.text) : undefined,
            conventions: flags.conventions ?? false,
            commands: flags.showCommands ?? false,
          })
      if (flags.figures) {
        const count = await writeFigures(run, flags.figures)
        tell(`figures: ${count} written to ${flags.figures}`)
      }
      const text =
        flags.format === 'html'
          ? html(tables, await figuresOf(run), pageOf(run))
          : rendered(flags.format, tables, flags.output !== undefined)
      printTo(flags.output, text)
      if (flags.output) tell(`report: ${tables.length} tables written to ${flags.output}`)
      finish(exitCode.good)
    })
}
