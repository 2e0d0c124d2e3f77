/** rank-bench run: measure the selected cells; journalled, resumable, safe to interrupt. */

import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadConfig } from '../../config/load.ts'
import type { RunConfig } from '../../config/schema.ts'
import { usageError } from '../../core/errors.ts'
import type { Takes } from '../../core/experiment.ts'
import { type Profile, profiles } from '../../core/protocol.ts'
import { expandSelectors, formatRef, parseSelector } from '../../core/selector.ts'
import { defaultMemoryGiB } from '../../measure/memory.ts'
import { experiments, loadPlugins } from '../../registry.ts'
import { measureRun } from '../measuring.ts'
import { pluginOption } from '../plugin-option.ts'
import type { Finish } from '../program.ts'

export interface RunFlags {
  config?: string
  method?: string[]
  dataset?: string[]
  experiment?: string[]
  precision?: ('f32' | 'f64')[]
  profile?: Profile
  seed?: number
  seeds?: number[]
  out?: string
  data?: string
  plugin?: string[]
  python?: string
  peer?: string[]
  fresh?: boolean
  reuse?: string
  dryRun?: boolean
  full?: boolean
  jobs: number
  timeout: number
  /** GiB. */
  memory: number
  progress: boolean
  json?: boolean
}

export function integer(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number, 0 or more.')
  return value
}

/** Timers hold 31 bits of milliseconds. */
const mostSeconds = Math.floor((2 ** 31 - 1) / 1000)

export function seconds(text: string): number {
  const value = integer(text)
  if (value < 1 || value > mostSeconds) throw new InvalidArgumentError(`expected 1 to ${mostSeconds} seconds.`)
  return value
}

function gibibytes(text: string): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('expected GiB, more than 0, e.g. 4 or 0.5.')
  return value
}

const integers = (text: string): number[] => text.split(',').map(integer)
const collect = (value: string, previous: string[] = []): string[] => [...previous, value]

/** One suite an experiment that the selector names, with what it takes where nothing was named. */
function suitesOf(selector: string, flags: RunFlags): RunConfig['suites'] {
  const spaces = new Map([...experiments].map(([name, { params }]) => [name, params]))
  const refs = expandSelectors([parseSelector(selector)], spaces, 'experiment')
  const isOne = new Set(refs.map(({ name }) => name)).size === 1
  return (isOne ? refs.slice(0, 1) : refs).map((ref) => {
    const { operators, methods, data, datasets } = experiments.get(ref.name)!.takes
    return {
      experiment: isOne ? selector : formatRef(ref),
      methods: [...(flags.method ?? methods ?? (operators === 'own' ? [] : operators.map((each) => `${each}:*`)))],
      datasets: [...(flags.dataset ?? datasets ?? alwaysHere[data])],
    }
  })
}

/** Data that is on every machine, by kind. */
const alwaysHere: Readonly<Record<Takes['data'], readonly string[]>> = {
  lists: ['sorting[n=100|1000]'],
  ranking: ['synthetic-letor'],
  own: ['sorting'],
}

/** Selectors on the command line make a config of their own: one suite an experiment. */
function configFromFlags(flags: RunFlags): RunConfig {
  const chosen = flags.experiment ?? ['latency']
  return {
    name: 'selected',
    suites: chosen.flatMap((experiment) => suitesOf(experiment, flags)),
  }
}

export function resolveConfig(flags: RunFlags): RunConfig {
  const selected = flags.method ?? flags.dataset ?? flags.experiment
  if (selected && flags.config)
    throw usageError('-c and -m, -d, -e exclude each other', 'put the selectors into the config, or leave -c out')
  const config = selected ? configFromFlags(flags) : loadConfig(flags.config ?? 'quick')
  return {
    ...config,
    ...(flags.plugin || config.plugins ? { plugins: [...(config.plugins ?? []), ...(flags.plugin ?? [])] } : {}),
    profile: flags.profile ?? config.profile ?? 'standard',
    seed: flags.seed ?? config.seed ?? 1,
    suites: config.suites.map((suite) => ({
      ...suite,
      ...(flags.precision ? { precisions: flags.precision } : {}),
      ...(flags.seeds ? { seeds: flags.seeds } : {}),
    })),
  }
}

/** Flags that every measuring verb takes. */
export const addMeasuringOptions = (command: Command): Command =>
  command
    .addOption(new Option('--profile <name>', 'rounds and samples of timed cells').choices(Object.keys(profiles)))
    .option('--seed <n>', 'seed of the run', integer)
    .option('--out <folder>', 'run directory (default: runs/<name>-<plan>)')
    .option('--data <folder>', 'data root (default: RANK_BENCH_DATA, else the cache folder of the user)')
    .addOption(pluginOption())
    .option('--python <interpreter>', 'Python with torchsort (default: see rank-bench peers list)')
    .option('--peer <adapter>', 'a peer of your own, e.g. ./mine.py; repeatable', collect)
    .option('--fresh', 'measure again; the earlier journal is kept beside the new one')
    .option('--reuse <run>', 'take what another run finished of the same untimed cells, by their content keys')
    .option('--jobs <n>', 'untimed cells at a time', integer, 2)
    .option('--timeout <seconds>', 'limit of one visit to one cell', seconds, 600)
    .option(
      '--memory <GiB>',
      'memory that one cell may take (default: half of what the machine has)',
      gibibytes,
      defaultMemoryGiB(),
    )
    .option('--no-progress', 'plain lines instead of a bar')

export function addRun(program: Command, finish: Finish): void {
  const command = program
    .command('run')
    .description(
      'measure the selected cells; journalled, resumable, safe to interrupt (bare: the quick config, offline)',
    )
    .option('-c, --config <file|name>', 'config file, or the name of a shipped one (quick, standard)')
    .option('-m, --method <selector>', "operators, e.g. 'rank:*' or 'sort:softsort[tau=0.1|1]'; repeatable", collect)
    .option('-d, --dataset <selector>', "data, e.g. 'sorting[n=64..4096]' or 'letor:mq2008'; repeatable", collect)
    .option('-e, --experiment <selector>', "experiments, e.g. latency or 'letor[scorer=mlp]'; repeatable", collect)
    .option('--precision <f32|f64...>', 'precisions instead of those of the config', (text: string) => text.split(','))
    .option('--seeds <n,n,...>', 'seeds instead of those of the config', integers)
    .option('--dry-run', 'print the plan and stop')
    .option('--full', 'print every table; without it a long report is cut to what a reader grasps')
  addMeasuringOptions(command).action(async (flags: RunFlags) => {
    await loadPlugins(flags.plugin ?? [])
    const config = resolveConfig(flags)
    finish(await measureRun(config, flags))
  })
}
