/** rank-bench run: measure the selected cells; journalled, resumable, safe to interrupt. */

import { type Command, InvalidArgumentError, Option } from 'commander'
import { loadConfig } from '../../config/load.ts'
import type { RunConfig } from '../../config/schema.ts'
import { usageError } from '../../core/errors.ts'
import type { Takes } from '../../core/experiment.ts'
import type { ParamSpace } from '../../core/params.ts'
import { type Profile, profiles } from '../../core/protocol.ts'
import { type Catalogue, expandSelectors, formatRef, parseSelector, splitSelectors } from '../../core/selector.ts'
import { defaultMemoryGiB } from '../../measure/memory.ts'
import { datasets, experiments, kindNamed, loadPlugins, operators } from '../../registry.ts'
import { count, integer, integers, precisionList, selectors } from '../arguments.ts'
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

const collect = (value: string, previous: string[] = []): string[] => [...previous, value]

/** Data that is on every machine. What draws its own values needs one data set all the same: it is part of the cell's key. */
const whereNoneIsNamed = (data: Takes['data']): readonly string[] =>
  data === 'own' ? [kindNamed('lists').datasets[0].name] : kindNamed(data).alwaysHere

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
      datasets: [...(flags.dataset ?? datasets ?? whereNoneIsNamed(data))],
    }
  })
}

/** Selectors on the command line make a config of their own: one suite an experiment. */
function configFromFlags(flags: RunFlags): RunConfig {
  const chosen = flags.experiment ?? ['latency']
  return {
    name: 'selected',
    suites: chosen.flatMap((experiment) => suitesOf(experiment, flags)),
  }
}

/** Refs of `own` that `asked` names too, as selectors; parameters that were asked for are those that are taken. */
function narrowed(
  own: readonly string[],
  asked: readonly string[] | undefined,
  known: Catalogue,
  what: string,
): string[] {
  if (!asked) return [...own]
  const expand = (texts: readonly string[]) =>
    expandSelectors(texts.flatMap(splitSelectors).map(parseSelector), known, what)
  const [mine, theirs] = [expand(own), asked.map(parseSelector)]
  const names = new Set(expand(asked).map(({ name }) => name))
  const points = new Set(expand(asked).map(formatRef))
  const exact = theirs.some(({ grid }) => Object.keys(grid).length > 0)
  return mine.filter((ref) => (exact ? points.has(formatRef(ref)) : names.has(ref.name))).map(formatRef)
}

const spacesOf = (entries: ReadonlyMap<string, { readonly params: ParamSpace }>): Catalogue =>
  new Map([...entries].map(([name, { params }]) => [name, params]))

/**
 * The suites of a config that `-m`, `-d` and `-e` leave, each with what they leave of it.
 * @throws RankBenchError(usage) where nothing is left
 */
function narrow(config: RunConfig, { method, dataset, experiment }: RunFlags): RunConfig {
  const suites = config.suites.flatMap((suite) => {
    const [question] = narrowed([suite.experiment], experiment, spacesOf(experiments), 'experiment')
    const left = suite.methods && narrowed(suite.methods, method, spacesOf(operators), 'method')
    const data = narrowed(suite.datasets, dataset, spacesOf(datasets), 'dataset')
    if (question === undefined || data.length === 0 || left?.length === 0) return []
    return [
      {
        ...suite,
        experiment: experiment ? question : suite.experiment,
        ...(left && { methods: left }),
        datasets: data,
      },
    ]
  })
  if (suites.length > 0) return { ...config, suites }
  throw usageError(
    `nothing is left of ${config.name} after -m, -d and -e`,
    `rank-bench run -c ${config.name} --dry-run shows what it holds`,
  )
}

const narrowedConfig = (flags: RunFlags): RunConfig => {
  const config = loadConfig(flags.config ?? 'quick')
  return (flags.method ?? flags.dataset ?? flags.experiment) ? narrow(config, flags) : config
}

export function resolveConfig(flags: RunFlags): RunConfig {
  const selected = flags.method ?? flags.dataset ?? flags.experiment
  const config = !flags.config && selected ? configFromFlags(flags) : narrowedConfig(flags)
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
    .option('--jobs <n>', 'untimed cells at a time', count, 2)
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
    .option('-m, --method <selector>', "operators, e.g. 'rank:*' or 'sort:softsort[tau=0.1|1]'; repeatable", selectors)
    .option('-d, --dataset <selector>', "data, e.g. 'sorting[n=64..4096]' or 'letor:mq2008'; repeatable", selectors)
    .option('-e, --experiment <selector>', "experiments, e.g. latency or 'letor[scorer=mlp]'; repeatable", selectors)
    .option('--precision <f32|f64...>', 'precisions instead of those of the config', precisionList)
    .option('--seeds <n,n,...>', 'seeds instead of those of the config', integers)
    .option('--dry-run', 'print the plan and stop')
    .option('--full', 'print every table; without it a long report is cut to what a reader grasps')
  addMeasuringOptions(command).action(async (flags: RunFlags) => {
    await loadPlugins(flags.plugin ?? [])
    const config = resolveConfig(flags)
    finish(await measureRun(config, flags))
  })
}
