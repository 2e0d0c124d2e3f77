/** rank-bench run: measure the selected cells; journalled, resumable, safe to interrupt. */

import { join } from 'node:path'
import type { Command } from 'commander'
import { loadConfig } from '../../config/load.ts'
import type { RunConfig } from '../../config/schema.ts'
import { usageError } from '../../core/errors.ts'
import type { Takes } from '../../core/experiment.ts'
import type { ParamSpace } from '../../core/params.ts'
import { type Catalogue, expandSelectors, formatRef, parseSelector, splitSelectors } from '../../core/selector.ts'
import { datasets, experiments, kindNamed, loadPlugins, operators } from '../../registry.ts'
import { conclusionText } from '../../report/conclusion.ts'
import { markdown } from '../../report/formats/markdown.ts'
import { closingLine, tally } from '../../results/tally.ts'
import { brief, conclusionOf, reportTables } from '../../run/report.ts'
import { baselineName, saveBaseline } from '../../store/baseline.ts'
import { writeAtomically } from '../../store/run.ts'
import { integers, list, precisionList, selectors, word } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { measureInto } from '../measuring.ts'
import { addMeasuringOptions, type MeasuringFlags } from '../measuring-options.ts'
import { print, tell } from '../output.ts'
import { onScreen, screenOptions } from '../screen.ts'

export interface SelectionFlags extends Pick<MeasuringFlags, 'profile' | 'seed' | 'plugin'> {
  config?: string
  method?: string[]
  dataset?: string[]
  experiment?: string[]
  precision?: ('f32' | 'f64')[]
  seeds?: number[]
  folds?: string[]
}

interface RunFlags extends MeasuringFlags, SelectionFlags {
  save?: string
}

/** Data that is on every machine. What draws its own values needs one data set all the same: it is part of the cell's key. */
const whereNoneIsNamed = (data: Takes['data']): readonly string[] =>
  data === 'own' ? [kindNamed('lists').datasets[0].name] : kindNamed(data).alwaysHere

const everyMethod = (operators: Takes['operators']): string[] =>
  operators === 'own' ? [] : operators.map((each) => `${each}:*`)

/** One suite an experiment that the selector names, with what it takes where nothing was named. */
function suitesOf(selector: string, flags: SelectionFlags): RunConfig['suites'] {
  const spaces = new Map([...experiments].map(([name, { params }]) => [name, params]))
  const refs = expandSelectors([parseSelector(selector)], spaces, 'experiment')
  const isOne = new Set(refs.map(({ name }) => name)).size === 1
  return (isOne ? refs.slice(0, 1) : refs).map((ref) => {
    const { operators, methods, data, datasets } = experiments.get(ref.name)!.takes
    return {
      experiment: isOne ? selector : formatRef(ref),
      // One that brings its own is given none unless somebody names some: then the plan refuses them.
      ...(operators === 'own' && !flags.method
        ? {}
        : { methods: [...(flags.method ?? methods ?? everyMethod(operators))] }),
      datasets: [...(flags.dataset ?? datasets ?? whereNoneIsNamed(data))],
    }
  })
}

/** What is measured of operators that are named alone: the first experiment of the list. */
const [usual] = [...experiments.keys()]

/** Selectors on the command line make a config of their own: one suite an experiment. */
function configFromFlags(flags: SelectionFlags): RunConfig {
  const chosen = flags.experiment ?? [usual]
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
function narrow(config: RunConfig, { method, dataset, experiment }: SelectionFlags): RunConfig {
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

const narrowedConfig = (flags: SelectionFlags): RunConfig => {
  const config = loadConfig(flags.config ?? 'quick')
  return (flags.method ?? flags.dataset ?? flags.experiment) ? narrow(config, flags) : config
}

export function resolveConfig(flags: SelectionFlags): RunConfig {
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
      ...(flags.folds ? { folds: flags.folds } : {}),
    })),
  }
}

/** rank-bench run. @returns the exit code */
async function measureRun(config: RunConfig, flags: RunFlags): Promise<number> {
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
  if (flags.save !== undefined) tell(`saved as ${saveBaseline(flags.save, data.directory)}`)
  print(closingLine('run', counts, code, data.directory))
  return code
}

/** What is measured. */
export const addSelection = (command: Command): Command =>
  command
    .option('-c, --config <file|name>', 'config file, or the name of a shipped one (quick, standard)', word)
    .option('-m, --method <selector>', "operators, e.g. 'rank:*' or 'sort:softsort[tau=0.1|1]'; repeatable", selectors)
    .option('-d, --dataset <selector>', "data, e.g. 'sorting[n=64..4096]' or 'letor:mq2008'; repeatable", selectors)
    .option('-e, --experiment <selector>', "experiments, e.g. latency or 'letor[scorer=mlp]'; repeatable", selectors)
    .option('--precision <f32|f64...>', 'precisions instead of those of the config', precisionList)
    .option('--seeds <n,n,...>', 'seeds instead of those of the config', integers)
    .option('--folds <name,...>', 'only these folds of ranking data, e.g. fold1,fold2', list)

export function addRun(program: Command, finish: Finish): void {
  const command = program
    .command('run')
    .description(
      'measure the selected cells; journalled, resumable, safe to interrupt (bare: the quick config, offline)',
    )
    .option('--dry-run', 'print the plan, how long it will take, and stop')
    .option('--full', 'print every table; without it a long report is cut to what a reader grasps')
    .option('--save <name>', 'also keep the run as a baseline, e.g. main, to be compared with later', baselineName)
  addMeasuringOptions(addSelection(command))
    .addHelpText(
      'after',
      examples(
        'rank-bench run',
        "rank-bench run -m 'rank:*' -d 'sorting[n=100|1000]' --profile quick",
        'rank-bench run -c standard -m loss:listnet --dry-run',
        'rank-bench run -c standard --shard 2/8 --out parts && rank-bench merge parts --out whole',
        "rank-bench run -e 'letor[scorer=mlp]' -m loss:listnet -d letor:mq2008 --data ~/letor",
      ),
    )
    .action(async (flags: RunFlags) => {
      await loadPlugins(flags.plugin ?? [])
      const config = resolveConfig(flags)
      finish(await measureRun(config, flags))
    })
}
