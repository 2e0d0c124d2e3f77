/** rank-bench reproduce: re-derive published claims and judge each one. */

import type { Command } from 'commander'
import { loadPaper, paperKeys } from '../../config/load.ts'
import type { PublishedRow } from '../../core/claim.ts'
import { usageError } from '../../core/errors.ts'
import { type JudgedPaper, judgePaper } from '../../judge/find.ts'
import { isRefuted } from '../../judge/verdict.ts'
import { json } from '../../report/formats/json.ts'
import { tally } from '../../results/tally.ts'
import { paperTables } from '../../run/report.ts'
import { type MeasureFlags, measureInto } from '../../run/run.ts'
import { exitCode } from '../exit.ts'
import { print, tell } from '../output.ts'
import type { Finish } from '../program.ts'
import { onScreen } from '../screen.ts'
import { addMeasuringOptions, type RunFlags } from './run.ts'

interface ReproduceFlags extends MeasureFlags {
  paper?: string[]
  claim?: string[]
  showCommands?: boolean
  plugin?: string[]
  json?: boolean
  seeds?: number[]
  profile?: RunFlags['profile']
  seed?: number
}

const collect = (value: string, previous: string[] = []): string[] => [...previous, value]

/** A claim's id names its paper. */
function papersOf(flags: ReproduceFlags): string[] {
  const fromClaims = (flags.claim ?? []).map((id) => id.split('#')[0])
  const asked = flags.paper ?? (fromClaims.length > 0 ? fromClaims : paperKeys())
  return [...new Set(asked)]
}

function selectClaims(paper: JudgedPaper, ids: readonly string[] | undefined): JudgedPaper {
  if (!ids) return paper
  return { ...paper, rows: paper.rows.filter((row) => ids.includes(row.claim.id)) }
}

function verdictCode(rows: readonly PublishedRow[], failed: number): number {
  if (rows.some((row) => isRefuted(row.judgement.verdict))) return exitCode.bad
  if (failed > 0) return exitCode.incomplete
  if (rows.some((row) => row.judgement.verdict === 'inconclusive' || row.judgement.verdict === 'not run'))
    return exitCode.inconclusive
  return exitCode.good
}

function closing(rows: readonly PublishedRow[], code: number): string {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(row.judgement.verdict, (counts.get(row.judgement.verdict) ?? 0) + 1)
  const parts = [...counts].map(([verdict, count]) => `${count} ${verdict}`)
  return `reproduce: ${parts.join(', ') || 'no claims'} — exit ${code}`
}

async function reproduce(flags: ReproduceFlags): Promise<number> {
  const keys = papersOf(flags)
  const suites = keys.flatMap((key) => loadPaper(key).config.suites)
  const name = keys.length === 1 ? `reproduce-${keys[0]}` : 'reproduce'
  const measured = await measureInto(
    {
      name,
      suites,
      profile: flags.profile ?? 'standard',
      seed: flags.seed ?? 1,
      // A verdict can be traced to the queries behind its number, whatever the metric.
      everyQuery: true,
      ...(flags.plugin && { plugins: flags.plugin }),
    },
    flags,
  )
  if (!measured) return exitCode.good
  if (measured.interrupted) {
    tell(`interrupted; what finished is kept. To resume: ${measured.data.command}`)
    return exitCode.interrupted
  }
  const judged = keys.map((key) => selectClaims(judgePaper(key, measured.data), flags.claim))
  const rows = judged.flatMap((paper) => paper.rows)
  if (flags.claim && rows.length < flags.claim.length) {
    throw usageError(
      `no such claim: ${flags.claim.filter((id) => !rows.some((row) => row.claim.id === id)).join(', ')}`,
      'rank-bench list claims',
    )
  }
  const tables = paperTables(judged, flags.showCommands ?? false)
  print(flags.json ? json(tables) : onScreen(tables))
  for (const why of new Set(
    measured.data.entries.flatMap(({ result }) => (result.status === 'skipped' ? [result.detail] : [])),
  )) {
    tell(`not run: ${why}`)
  }
  const counts = tally(measured.data)
  const code = verdictCode(rows, counts.failed + counts.timeout + counts.incomplete)
  if (!flags.json) print(closing(rows, code))
  return code
}

export function addReproduce(program: Command, finish: Finish): void {
  const command = program
    .command('reproduce')
    .description('re-derive published claims and judge each one')
    .option('--paper <key>', 'claims of this paper (rank-bench list claims); repeatable; default all', collect)
    .option('--claim <id>', 'only this claim; repeatable', collect)
    .option('--show-commands', 'the command for every number')
    .option('--json', 'tables as JSON')
    .option('--dry-run', 'print the plan and stop')
  addMeasuringOptions(command).action(async (flags: ReproduceFlags) => finish(await reproduce(flags)))
}
