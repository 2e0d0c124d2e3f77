/** rank-bench reproduce: re-derive published claims and judge each one. */

import { basename, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadPaper, paperKeys } from '../../config/load.ts'
import type { RunConfig } from '../../config/schema.ts'
import type { JudgedNumber } from '../../core/claim.ts'
import { usageError } from '../../core/errors.ts'
import type { RunData } from '../../core/report.ts'
import { didYouMean } from '../../core/suggest.ts'
import { claimedMetrics, type JudgedPaper, judgePaper, numbersOf } from '../../judge/find.ts'
import { suitesFor } from '../../judge/needs.ts'
import { isOpen, isRefuted } from '../../judge/verdict.ts'
import { metricNames } from '../../metrics/names.ts'
import { absencesTable } from '../../report/absences.ts'
import { countsOf, familyVerdict } from '../../report/verdicts.ts'

import { closingLine, tally } from '../../results/tally.ts'
import { conclusionWith, paperTables } from '../../run/report.ts'
import { words } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { measureInto } from '../measuring.ts'
import { addMeasuringOptions, type MeasuringFlags } from '../measuring-options.ts'
import { number } from '../numbers.ts'
import { print, tell } from '../output.ts'
import { concluded } from '../screen.ts'

interface ReproduceFlags extends MeasuringFlags {
  paper?: string[]
  claim?: string[]
  protocol?: string
  margin?: number
  showCommands?: boolean
  json?: boolean
}

/** @throws InvalidArgumentError for what is no share */
function share(text: string): number {
  const value = number(text)
  if (value > 0 && value < 1) return value
  throw new InvalidArgumentError('expected a share between 0 and 1, e.g. 0.02 for 2 %')
}

/** The paper among those that ship whose files hold a claim. @throws RankBenchError(usage) when none does */
function paperOf(id: string): string {
  const key = paperKeys().find((each) => loadPaper(each).claims.some((claim) => claim.id === id))
  if (key !== undefined) return key
  throw usageError(`no such claim: ${id}`, 'rank-bench list claims; of a paper of your own: --paper ./folder as well')
}

/** Papers that ship and can be run so; all where nothing is said. @throws RankBenchError(usage) where none can */
function papersUnder(protocol: string | undefined): string[] {
  const protocols = new Map(paperKeys().map((key) => [key, Object.keys(loadPaper(key).config.protocols ?? {})]))
  const found = paperKeys().filter((key) => protocol === undefined || protocols.get(key)!.includes(protocol))
  if (found.length > 0) return found
  const known = [...new Set([...protocols.values()].flat())]
  throw usageError(
    `no paper has a protocol "${protocol}"`,
    didYouMean(protocol!, known, `expected ${known.join(' or ')}`),
  )
}

function papersOf(flags: ReproduceFlags): string[] {
  const fromClaims = flags.paper ? [] : (flags.claim ?? []).map(paperOf)
  const asked = flags.paper ?? (fromClaims.length > 0 ? fromClaims : papersUnder(flags.protocol))
  return [...new Set(flags.protocol === undefined ? asked : asked.map((key) => `${key}@${flags.protocol}`))]
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

/** Counts of data are claimed too; they have no queries. */
const isMetric = (text: string): boolean => metricNames.some((name) => /^[\w-]+/.exec(text)?.[0] === name)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** A folder of a user's own paper names its run by its last part. */
const runName = (keys: readonly string[]): string =>
  keys.length === 1 ? `reproduce-${basename(resolve(keys[0])).replace(/[^\w.-]/g, '-')}` : 'reproduce'

/** All that the papers measure; of claims that were named, only what they are judged by. */
function suitesOf(keys: readonly string[], ids: readonly string[] | undefined): RunConfig['suites'] {
  if (!ids) return keys.flatMap((key) => loadPaper(key).config.suites)
  const parts = keys.map((key) => suitesFor(key, ids))
  const lost = ids.filter((id) => !parts.some(({ found }) => found.includes(id)))
  if (lost.length > 0)
    throw usageError(`no such claim of ${keys.join(', ')}: ${lost.join(', ')}`, 'rank-bench list claims')
  return parts.flatMap(({ suites }) => suites)
}

async function reproduce(flags: ReproduceFlags): Promise<number> {
  const keys = papersOf(flags)
  const suites = suitesOf(keys, flags.claim)
  const measured = await measureInto(
    {
      name: runName(keys),
      suites,
      profile: flags.profile ?? 'standard',
      seed: flags.seed ?? 1,
      // Each verdict can be traced to the queries behind its number.
      everyQuery: [...new Set(keys.flatMap(claimedMetrics))].filter(isMetric),
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
  if (flags.shard !== undefined) return finishShard(measured.data)
  const judged = keys.map((key) => selectClaims(judgePaper(key, measured.data, flags.margin), flags.claim))
  const rows = judged.flatMap(numbersOf)
  const missing = absencesTable(measured.data)
  const tables = [...paperTables(judged, flags.showCommands ?? false), ...(missing ? [missing] : [])]
  const counts = tally(measured.data)
  const code = verdictCode(rows, judged, counts.failed + counts.timeout + counts.incomplete)
  print(concluded(flags.json ? 'json' : 'terminal', tables, await conclusionWith(measured.data, judged)))
  if (!flags.json) print(closing(judged, code))
  return code
}

/** A part of what the papers need says nothing of them yet. */
function finishShard(data: RunData): number {
  const counts = tally(data)
  const code = counts.failed + counts.timeout + counts.incomplete > 0 ? exitCode.incomplete : exitCode.good
  tell(
    `shard ${data.shard} is measured; when all are: rank-bench merge <their folder> --out <folder>, which report judges`,
  )
  print(closingLine('reproduce', counts, code, data.directory))
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
      words,
    )
    .option('--claim <id>', 'only this claim; repeatable', words)
    .option('--protocol <name>', 'how it is run, of papers that say several ways: reduced or full')
    .option('--margin <share>', 'share of a published value within which ours counts as the same', share)
    .option('--show-commands', 'the command for every number')
    .option('--json', 'tables as JSON')
    .addOption(
      new Option('--dry-run', 'print the plan, how long it will take, and stop').conflicts(['json', 'showCommands']),
    )
  addMeasuringOptions(command)
    .addHelpText(
      'after',
      examples(
        'rank-bench reproduce --paper fast-soft-sort',
        "rank-bench reproduce --claim 'fast-soft-sort#3' --show-commands",
        'rank-bench reproduce --paper neuralsort --protocol full --dry-run',
        'rank-bench reproduce --paper ./my-paper --dry-run',
      ),
    )
    .action(async (flags: ReproduceFlags) => finish(await reproduce(flags)))
}
