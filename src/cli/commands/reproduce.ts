/** rank-bench reproduce: re-derive published claims and judge each one. */

import { basename, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { loadPaper, paperKeys } from '../../config/load.ts'
import type { JudgedNumber } from '../../core/claim.ts'
import { usageError } from '../../core/errors.ts'
import { claimedMetrics, type JudgedPaper, judgePaper, numbersOf } from '../../judge/find.ts'
import { isOpen, isRefuted } from '../../judge/verdict.ts'
import { absencesTable } from '../../report/absences.ts'
import { conclusionText } from '../../report/conclusion.ts'
import { json } from '../../report/formats/json.ts'
import { countsOf, familyVerdict } from '../../report/verdicts.ts'

import { tally } from '../../results/tally.ts'
import { conclusionWith, paperTables } from '../../run/report.ts'
import { collect } from '../arguments.ts'
import { exitCode, type Finish } from '../exit.ts'
import { measureInto } from '../measuring.ts'
import { addMeasuringOptions, type MeasuringFlags } from '../measuring-options.ts'
import { print, tell } from '../output.ts'
import { onScreen, screenOptions } from '../screen.ts'

interface ReproduceFlags extends MeasuringFlags {
  paper?: string[]
  claim?: string[]
  margin?: number
  showCommands?: boolean
  json?: boolean
}

/** @throws InvalidArgumentError for what is no share */
function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value < 1) return value
  throw new InvalidArgumentError('expected a share between 0 and 1, e.g. 0.02 for 2 %')
}

/** The paper among those that ship whose files hold a claim. @throws RankBenchError(usage) when none does */
function paperOf(id: string): string {
  const key = paperKeys().find((each) => loadPaper(each).claims.some((claim) => claim.id === id))
  if (key !== undefined) return key
  throw usageError(`no such claim: ${id}`, 'rank-bench list claims; of a paper of your own: --paper ./folder as well')
}

function papersOf(flags: ReproduceFlags): string[] {
  const fromClaims = flags.paper ? [] : (flags.claim ?? []).map(paperOf)
  const asked = flags.paper ?? (fromClaims.length > 0 ? fromClaims : paperKeys())
  return [...new Set(asked)]
}

/** Families that hold a claim that was asked for, with those numbers and the one that carries the verdict. */
function selectClaims(paper: JudgedPaper, ids: readonly string[] | undefined): JudgedPaper {
  if (!ids) return paper
  const families = paper.families.flatMap((family) => {
    const numbers = family.numbers.filter(({ claim }) => ids.includes(claim.id))
    return numbers.length > 0 ? [{ ...family, numbers }] : []
  })
  return { ...paper, families }
}

function verdictCode(rows: readonly JudgedNumber[], papers: readonly JudgedPaper[], failed: number): number {
  const certified = papers.flatMap(({ families }) => families.flatMap(({ certificate }) => certificate ?? []))
  if (rows.some((row) => isRefuted(row.judgement.verdict))) return exitCode.bad
  if (certified.some(({ failing }) => failing.length > 0)) return exitCode.bad
  if (failed > 0) return exitCode.incomplete
  return rows.some((row) => isOpen(row.judgement.verdict)) ? exitCode.inconclusive : exitCode.good
}

function closing(papers: readonly JudgedPaper[], code: number): string {
  const own = papers.flatMap(({ families }) => families.filter(({ ours }) => ours !== undefined))
  const certificates = papers.flatMap(({ families }) => families.flatMap(({ certificate }) => certificate ?? []))
  const [holds, of] = [sum(certificates.map((each) => each.holds)), sum(certificates.map((each) => each.of))]
  const exact = of > 0 ? `; ${holds} of ${of} printed numbers come out of the published scores` : ''
  const numbers = own.flatMap((family) => [...family.numbers])
  return (
    `reproduce: ${counted(own.length, 'family', 'families')} (${countsOf(own.map(familyVerdict)) || 'none'}), ` +
    `${counted(numbers.length, 'number', 'numbers')} (${countsOf(numbers.map(({ judgement }) => judgement.verdict)) || 'none'})${exact} — exit ${code}`
  )
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** A folder of a user's own paper names its run by its last part. */
const runName = (keys: readonly string[]): string =>
  keys.length === 1 ? `reproduce-${basename(resolve(keys[0]))}` : 'reproduce'

async function reproduce(flags: ReproduceFlags): Promise<number> {
  const keys = papersOf(flags)
  const suites = keys.flatMap((key) => loadPaper(key).config.suites)
  const measured = await measureInto(
    {
      name: runName(keys),
      suites,
      profile: flags.profile ?? 'standard',
      seed: flags.seed ?? 1,
      // Each verdict can be traced to the queries behind its number.
      everyQuery: [...new Set(keys.flatMap(claimedMetrics))],
      papers: keys,
      ...(flags.plugin && { plugins: flags.plugin }),
    },
    flags,
  )
  if (!measured) return exitCode.good
  if (measured.interrupted) {
    tell(`interrupted; what finished is kept. To resume: ${measured.data.command}`)
    return exitCode.interrupted
  }
  const judged = keys.map((key) => selectClaims(judgePaper(key, measured.data, flags.margin), flags.claim))
  const rows = judged.flatMap(numbersOf)
  if (flags.claim && rows.length < flags.claim.length) {
    throw usageError(
      `no such claim: ${flags.claim.filter((id) => !rows.some((row) => row.claim.id === id)).join(', ')}`,
      'rank-bench list claims',
    )
  }
  const missing = absencesTable(measured.data)
  const tables = [...paperTables(judged, flags.showCommands ?? false), ...(missing ? [missing] : [])]
  print(flags.json ? json(tables) : onScreen(tables))
  const counts = tally(measured.data)
  const code = verdictCode(rows, judged, counts.failed + counts.timeout + counts.incomplete)
  if (!flags.json) {
    print(conclusionText(await conclusionWith(measured.data, judged), screenOptions().width))
    print(closing(judged, code))
  }
  return code
}

const counted = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

export function addReproduce(program: Command, finish: Finish): void {
  const command = program
    .command('reproduce')
    .description('re-derive published claims and judge each one')
    .option(
      '--paper <key>',
      'numbers of this paper (rank-bench list papers), or of your own in a folder (./my-paper, see rank-bench init paper); repeatable; default all that ship',
      collect,
    )
    .option('--claim <id>', 'only this claim; repeatable', collect)
    .option('--margin <share>', 'share of a published value within which ours counts as the same', share)
    .option('--show-commands', 'the command for every number')
    .option('--json', 'tables as JSON')
    .option('--dry-run', 'print the plan and stop')
  addMeasuringOptions(command).action(async (flags: ReproduceFlags) => finish(await reproduce(flags)))
}
