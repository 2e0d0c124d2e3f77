/** rank-bench gate: two versions side by side, a limit a number, an exit code. */

import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadPolicy } from '../../config/policy.ts'
import { usageError } from '../../core/errors.ts'
import type { GateResult } from '../../core/gate.ts'
import { writeWhole } from '../../files/write.ts'
import { countsText, gateCodes, type Lenience, outcomeOf } from '../../judge/gate/outcome.ts'
import { type PolicyLine, parseLimit, parsePolicyLine, usualPolicy } from '../../judge/gate/policy.ts'
import type { Counter } from '../../measure/counters.ts'
import { availableCounters } from '../../measure/instructions.ts'
import { loadPlugins } from '../../registry.ts'
import { conclusionText } from '../../report/conclusion.ts'
import { markdown } from '../../report/formats/markdown.ts'
import { concludeGate } from '../../report/gate/conclusion.ts'
import { gateTables } from '../../report/gate/table.ts'
import { compareRuns } from '../../run/gate/compare.ts'
import { type GateOptions, gatePlan, runGate } from '../../run/gate/gate.ts'
import { ratesTable } from '../../run/gate/rates.ts'
import { collect, count } from '../arguments.ts'
import { exitCode, type Finish } from '../exit.ts'
import { type GateFiles, gateJson, writeGate } from '../gate-output.ts'
import { commandLine } from '../measuring.ts'
import { addVisitOptions, type MeasuringFlags } from '../measuring-options.ts'
import { print, tell } from '../output.ts'
import { startProgress } from '../progress.ts'
import { onScreen, screenOptions } from '../screen.ts'
import { addSelection, resolveConfig, type SelectionFlags } from './run.ts'

interface GateFlags
  extends Omit<MeasuringFlags, 'out' | 'fresh' | 'reuse' | 'jobs' | 'dryRun' | 'full' | 'profile' | 'seed' | 'plugin'>,
    SelectionFlags,
    GateFiles,
    Pick<GateOptions, 'against' | 'prepare' | 'pythonBefore' | 'budget' | 'rounds' | 'alarm' | 'pass' | 'size'> {
  limit?: PolicyLine[]
  policy?: string
  command?: string[]
  commandBefore?: string[]
  higher?: string[]
  count?: Counter | 'any'
  certificates?: string[] | true
  spending?: GateOptions['spending']
  allowInconclusive?: boolean
  allowMissing?: boolean
  simulate?: number
}

const limits = (text: string, previous: PolicyLine[] = []): PolicyLine[] => [...previous, parsePolicyLine(text)]

function probability(text: string): number {
  const value = Number(text)
  if (value > 0 && value < 0.5) return value
  throw new InvalidArgumentError('expected a probability between 0 and 0.5, e.g. 0.01.')
}

function minutes(text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('expected minutes, more than 0, e.g. 5 or 0.5.')
}

/** What ships, then what a file says, then what was typed: the last that fits counts. Whatever a command prints is gated. */
export function policyOf({
  policy,
  limit = [],
  command,
}: Pick<GateFlags, 'policy' | 'limit' | 'command'>): PolicyLine[] {
  const file = policy === undefined ? [] : loadPolicy(policy)
  const lines = file.map(({ limit: text, because, match, metric }): PolicyLine => {
    const most = parseLimit(text)
    const limit = most && { ...most, ...(because !== undefined && { because }) }
    return { metric, limit, ...(match !== undefined && { match }) }
  })
  const everything: PolicyLine[] = command ? [{ metric: '*', limit: { by: 'share', most: 0.03 } }] : []
  return [...everything, ...usualPolicy, ...lines, ...limit]
}

const pattern = (glob: string): RegExp =>
  new RegExp(`^${glob.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)

/** @throws RankBenchError(usage) when the counter that was asked for does not count here */
function counterOf(asked: GateFlags['count']): Counter | undefined {
  if (asked === undefined) return undefined
  const here = availableCounters()
  const found = asked === 'any' ? here[0] : here.find((each) => each === asked)
  if (found) return found
  throw usageError(
    `--count ${asked}: no counter of instructions works here (${here.join(', ') || 'neither perf nor valgrind'})`,
    'leave --count out, or install valgrind',
  )
}

function optionsOf(flags: GateFlags): GateOptions {
  const {
    command,
    commandBefore,
    higher = [],
    count: counter,
    certificates,
    limit: _,
    policy: __,
    progress,
    ...rest
  } = flags
  const more = higher.map(pattern)
  if (command && commandBefore && command.length !== commandBefore.length)
    throw usageError(
      `${command.length} of --command and ${commandBefore.length} of --command-before; expected as many of both`,
    )
  return {
    ...rest,
    policy: policyOf(flags),
    commands: command,
    commandsBefore: commandBefore,
    higher: (metric) => more.some((each) => each.test(metric)),
    counter: counterOf(counter),
    certificates: certificates === true ? ['*:*'] : certificates,
    command: commandLine(),
    events: { note: tell, progress: (visits) => startProgress(visits, progress) },
  }
}

/** Prints and writes what came out. @returns the exit code: that of the outcome, or of a verb that only shows it */
export function finishGate(result: GateResult, verb: 'gate' | 'compare', flags: GateFiles, lenience: Lenience): number {
  const outcome = outcomeOf(result.rows, result.failures, lenience)
  const code = verb === 'gate' ? gateCodes[outcome] : exitCode.good
  const sentence = `${verb}: ${outcome}: ${countsText(result.rows)}, ${result.failures.length} not measured — exit ${code} (${result.rows.length} numbers, against ${result.before.name}, ${result.minutes.toFixed(1)} minutes)`
  const toStdout = flags.json === true
  if (toStdout) print(gateJson(result))
  else {
    for (const note of result.notes) tell(`note: ${note}`)
    print(onScreen(gateTables(result)))
    print(conclusionText(concludeGate(result), screenOptions().width))
  }
  writeGate(result, outcome, sentence, flags)
  if (toStdout) tell(sentence)
  else print(sentence)
  return code
}

/** Rates of the plan on planted times; nothing is measured. */
function simulate(gates: number, options: GateOptions, path: string | undefined): number {
  const tables = [ratesTable(gatePlan(options), { gates, numbers: 9, limit: 0.03 })]
  if (path === undefined) print(onScreen(tables))
  else writeWhole(path, markdown(tables))
  return exitCode.good
}

async function gate(runs: readonly string[], flags: GateFlags): Promise<number> {
  const lenience = { inconclusive: flags.allowInconclusive, missing: flags.allowMissing }
  const options = optionsOf(flags)
  if (flags.simulate !== undefined) return simulate(flags.simulate, options, flags.markdown)
  if (runs.length > 0) {
    if (runs.length !== 2)
      throw usageError(
        'one stored run; expected two, the earlier one first',
        'rank-bench gate main runs/quick-1234abcd',
      )
    return finishGate(await compareRuns(runs[0], runs[1], options), 'gate', flags, lenience)
  }
  await loadPlugins(flags.plugin ?? [])
  const config = flags.command ? undefined : resolveConfig({ ...flags, profile: flags.profile ?? 'quick' })
  const { result, interrupted } = await runGate(config, options)
  if (interrupted) {
    tell('interrupted; a gate is not resumed: its rounds belong together')
    return exitCode.interrupted
  }
  return finishGate(result, 'gate', flags, lenience)
}

/** Where the result goes, the same for every verb that compares. */
export const addGateFiles = (command: Command): Command =>
  command
    .option('--json [file]', 'the result with every round, to a file or to standard output')
    .option('--junit <file>', 'JUnit XML')
    .option('--markdown <file>', 'the text of a comment on a pull request')
    .option('--benchmark-json <file>', 'customSmallerIsBetter of github-action-benchmark')
    .option('--bencher-json <file>', 'Bencher Metric Format')
    .option('--badge <file>', 'an endpoint of shields.io')
    .option('--history <file>', 'append a line; see rank-bench history')
    .option('--github', 'annotations and a step summary (default: where GITHUB_ACTIONS is true)')

/** Which numbers may get how much worse. */
export const addPolicy = (command: Command): Command =>
  command
    .option(
      '--limit <[selector/]metric=limit>',
      "how much worse a number may get, e.g. 'time.*=5%' or 'ndcg*=0.01' or 'error*=off'; repeatable, the last that fits counts",
      limits,
    )
    .option('--policy <file>', 'limits as JSON: {"limits": [{"match": "rank:*", "metric": "time.*", "limit": "5%"}]}')
    .option('--alarm <p>', 'probability of a false alarm, all numbers together', probability, 0.01)
    .option('--pass <p>', 'probability that a number that is worse by its limit passes', probability, 0.05)

export function addGate(program: Command, finish: Finish): void {
  const command = program
    .command('gate')
    .description(
      'two versions side by side, in interleaved rounds of fresh processes: exit 0 nothing is worse by its limit, 1 something is, 4 it cannot be told',
    )
    .argument('[runs...]', 'two stored runs or baselines instead, the earlier one first')
    .option('--against <version>', 'the earlier version: a checkout, a git ref, or name@version')
    .option('--prepare <command>', 'builds a git ref in its folder (default: npm packages as locked, npm run build)')
    .option(
      '--command <command>',
      'a benchmark of your own: numbers that it prints, or the time it takes; repeatable',
      collect,
    )
    .option('--command-before <command>', 'what the earlier version runs instead', collect)
    .option(
      '--higher <metric>',
      'a number a command prints of which more is better, e.g. accuracy*; repeatable',
      collect,
    )
    .addOption(
      new Option('--count <counter>', 'also count instructions of commands').choices(['perf', 'callgrind', 'any']),
    )
    .option('--python-before <interpreter>', 'Python of the earlier version of a peer; --python has the later one')
    .option('--certificates [selectors...]', 'also compare the laws that operators keep, and gradient errors')
    .option('--size', 'also compare the size of the package')
    .option('--rounds <n>', 'most rounds', count, 24)
    .option('--budget <minutes>', 'stop after so many minutes', minutes)
    .addOption(
      new Option('--spending <plan>', 'of error rates over looks')
        .choices(['obrien-fleming', 'pocock'])
        .default('obrien-fleming'),
    )
    .option('--simulate <gates>', 'measure nothing; say what this plan does on so many gates of planted times', count)
    .option('--allow-inconclusive', 'exit 0 also where something cannot be told')
    .option('--allow-missing', 'exit 0 also where the earlier version has no number of something')
  addGateFiles(addPolicy(addVisitOptions(addSelection(command)))).action(async (runs: string[], flags: GateFlags) =>
    finish(await gate(runs, flags)),
  )
}
