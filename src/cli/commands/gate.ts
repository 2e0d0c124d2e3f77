/** rank-bench gate: two versions side by side, a limit a number, an exit code. */

import { type Command, InvalidArgumentError, Option } from 'commander'
import { usageError } from '../../core/errors.ts'
import { writeWhole } from '../../files/write.ts'
import type { Counter } from '../../measure/counters.ts'
import { availableCounters } from '../../measure/instructions.ts'
import { loadPlugins } from '../../registry.ts'
import { markdown } from '../../report/formats/markdown.ts'
import { compareRuns } from '../../run/gate/compare.ts'
import { runGate } from '../../run/gate/gate.ts'
import { type GateOptions, gatePlan } from '../../run/gate/options.ts'
import { ratesTable } from '../../run/gate/rates.ts'
import { word, words } from '../arguments.ts'
import { commandLine } from '../command-line.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { finishGate } from '../gate-finish.ts'
import { addGateFiles, addPolicy } from '../gate-options.ts'
import type { GateFiles } from '../gate-output.ts'
import { type PolicyFlags, policyOf } from '../gate-policy.ts'
import { addVisitOptions, type MeasuringFlags } from '../measuring-options.ts'
import { countUpTo } from '../numbers.ts'
import { print, tell } from '../output.ts'
import { startProgress } from '../progress.ts'
import { onScreen } from '../screen.ts'
import { addSelection, resolveConfig, type SelectionFlags } from './run.ts'

interface GateFlags
  extends Omit<MeasuringFlags, 'out' | 'fresh' | 'reuse' | 'jobs' | 'dryRun' | 'full' | 'profile' | 'seed' | 'plugin'>,
    SelectionFlags,
    GateFiles,
    PolicyFlags,
    Pick<GateOptions, 'against' | 'prepare' | 'pythonBefore' | 'budget' | 'rounds' | 'alarm' | 'pass' | 'size'> {
  commandBefore?: string[]
  higher?: string[]
  count?: Counter | 'any'
  certificates?: string[] | true
  spending?: GateOptions['spending']
  allowInconclusive?: boolean
  allowMissing?: boolean
  simulate?: number
}

function minutes(text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('expected minutes, more than 0, e.g. 5 or 0.5.')
}

/** The exact distribution of ranks takes memory as the square of them. */
const mostRounds = 1000
const mostSimulated = 100_000

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

export function addGate(program: Command, finish: Finish): void {
  const command = program
    .command('gate')
    .description(
      'two versions side by side, in interleaved rounds of fresh processes: exit 0 nothing is worse by its limit, 1 something is, 4 it cannot be told',
    )
    .argument('[runs...]', 'two stored runs or baselines instead, the earlier one first')
    .option('--against <version>', 'the earlier version: a checkout, a git ref, or name@version', word)
    .option(
      '--prepare <command>',
      'builds a git ref in its folder (default: npm packages as locked, npm run build)',
      word,
    )
    .option(
      '--command <command>',
      'a benchmark of your own: numbers that it prints, or the time it takes; repeatable',
      words,
    )
    .option('--command-before <command>', 'what the earlier version runs instead', words)
    .option('--higher <metric>', 'a number a command prints of which more is better, e.g. accuracy*; repeatable', words)
    .addOption(
      new Option('--count <counter>', 'also count instructions of commands').choices(['perf', 'callgrind', 'any']),
    )
    .option(
      '--python-before <interpreter>',
      'Python of the earlier version of a peer; --python has the later one',
      word,
    )
    .option('--certificates [selectors...]', 'also compare the laws that operators keep, and gradient errors')
    .option('--size', 'also compare the size of the package')
    .option('--rounds <n>', 'most rounds', countUpTo(mostRounds), 24)
    .option('--budget <minutes>', 'stop after so many minutes', minutes)
    .addOption(
      new Option('--spending <plan>', 'of error rates over looks')
        .choices(['obrien-fleming', 'pocock'])
        .default('obrien-fleming'),
    )
    .option(
      '--simulate <gates>',
      'measure nothing; say what this plan does on so many gates of planted times',
      countUpTo(mostSimulated),
    )
    .option('--allow-inconclusive', 'exit 0 also where something cannot be told')
    .option('--allow-missing', 'exit 0 also where the earlier version has no number of something')
  addGateFiles(addPolicy(addVisitOptions(addSelection(command))))
    .addHelpText(
      'after',
      examples(
        "rank-bench gate --against main -m 'rank:*' -d 'sorting[n=1000]'",
        "rank-bench gate --against HEAD~1 --command 'node bench.js' --limit 'time.*=5%'",
        'rank-bench gate runs/before runs/after --junit gate.xml',
      ),
    )
    .action(async (runs: string[], flags: GateFlags) => finish(await gate(runs, flags)))
}
