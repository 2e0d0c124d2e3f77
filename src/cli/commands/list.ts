/** rank-bench list: what selectors can name. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Argument, type Command } from 'commander'
import { safeRanges } from '../../api/safe-ranges.ts'
import { configNames, loadConfig, loadPaper, paperKeys } from '../../config/load.ts'
import { usageError } from '../../core/errors.ts'
import type { OperatorSpec } from '../../core/method.ts'
import { methodRef } from '../../core/method-ref.ts'
import { describeRange, type ParamSpace } from '../../core/params.ts'
import { expandSelectors, parseSelector, splitSelectors } from '../../core/selector.ts'
import { listMetrics } from '../../evaluate/metric-tables.ts'
import { methods } from '../../methods/registry.ts'
import { datasets, experiments, loadPlugins, operators } from '../../registry.ts'
import { json } from '../../report/formats/json.ts'
import { methodTable } from '../../report/method-table.ts'
import { left, type ReportTable, text } from '../../report/table.ts'
import { shardsBelow } from '../../run/shards/place.ts'
import { readRunFile, runFilePath } from '../../store/run.ts'
import { words } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { print } from '../output.ts'
import { pluginOption } from '../plugin-option.ts'
import { onScreen } from '../screen.ts'

const table = (title: string, columns: readonly string[], rows: readonly (readonly string[])[]): ReportTable => ({
  id: title,
  title,
  about: [],
  columns: columns.map(left),
  rows: rows.map((row) => row.map(text)),
  notes: [],
})

const describeParams = (space: ParamSpace): string =>
  Object.entries(space)
    .map(([name, spec]) => `${name}=${spec.default} (${describeRange(spec)})`)
    .join(', ')

/** `Petersen 2022 +2`: the others are told by name. */
function sourceOf([first, ...rest]: (typeof methods)[number]['citations']): string {
  if (first === undefined) return ''
  return `${first.authors.split(',')[0]} ${first.year}${rest.length > 0 ? ` +${rest.length}` : ''}`
}

function operatorRow(family: (typeof methods)[number], operator: string, spec: OperatorSpec): string[] {
  return [
    `${operator}:${family.name}`,
    typeof spec.gradient === 'function' ? 'by parameters' : spec.gradient,
    spec.fast ? 'kernels' : 'reference',
    sourceOf(family.citations),
  ]
}

function listMethods(): ReportTable {
  const rows = methods.flatMap((family) =>
    Object.entries(family.operators).map(([operator, spec]) => operatorRow(family, operator, spec)),
  )
  return {
    ...table('Operators', ['selector', 'gradient', 'engine', 'source'], rows),
    notes: ['everything about one: rank-bench list methods rank:sigmoid'],
  }
}

const listConfigs = (): ReportTable =>
  table(
    'Configs that ship',
    ['name', 'profile', 'suites', 'what it measures'],
    configNames().map((name) => {
      const { profile = 'standard', suites, description } = loadConfig(name)
      const questions = [...new Set(suites.map(({ experiment }) => experiment))].join(', ')
      return [name, profile, String(suites.length), description ?? questions]
    }),
  )

const listDatasets = (): ReportTable =>
  table(
    'Data sets',
    ['selector', 'title', 'parameters (range)', 'licence'],
    [...datasets.values()].map((each) => [each.name, each.title, describeParams(each.params), each.licence]),
  )

const listExperiments = (): ReportTable =>
  table(
    'Experiments',
    ['selector', 'question', 'parameters (range)'],
    [...experiments.values()].map((each) => [each.name, each.question, describeParams(each.params)]),
  )

function listClaims(): ReportTable {
  const rows = paperKeys().flatMap((key) => {
    return loadPaper(key).claims.map((claim) => [
      claim.id,
      claim.method,
      claim.dataset,
      `${claim.metric} ${claim.at}`.trim(),
      String(claim.value),
      claim.verified,
      claim.source,
    ])
  })
  return table('Published numbers', ['claim', 'method', 'data', 'metric', 'value', 'verified', 'source'], rows)
}

function listPapers(): ReportTable {
  const rows = paperKeys().map((key) => {
    const { config, claims } = loadPaper(key)
    return [key, config.title, String(claims.length), Object.keys(config.protocols ?? {}).join(', '), config.citation]
  })
  return table('Papers', ['key', 'title', 'numbers', 'protocols', 'citation'], rows)
}

function listRuns(): ReportTable {
  const below = existsSync('runs') ? readdirSync('runs').map((name) => join('runs', name)) : []
  const folders = below.flatMap((folder) => [folder, ...shardsBelow(folder)])
  const rows = folders
    .filter((folder) => existsSync(runFilePath(folder)))
    .map((folder) => {
      const run = readRunFile(folder)
      return [folder, run.createdAt, String(run.cells.length), run.command]
    })
  return table('Runs below ./runs', ['folder', 'started', 'cells', 'command'], rows)
}

/** Rows one of whose words holds what was typed, or matches it as a selector. */
function filtered(list: ReportTable, words: readonly string[]): ReportTable {
  const has = (row: ReportTable['rows'][number], word: string) =>
    row.some(({ text: cell }) => cell.toLowerCase().includes(word.toLowerCase().replaceAll('*', '')))
  return { ...list, rows: list.rows.filter((row) => words.every((word) => has(row, word))) }
}

/** A table an operator that a selector names. @throws RankBenchError(usage) with the nearest names */
function methodTables(words: readonly string[]): ReportTable[] {
  const spaces = new Map([...operators].map(([name, { params }]) => [name, params]))
  const refs = expandSelectors(words.flatMap(splitSelectors).map(parseSelector), spaces, 'method').map(methodRef)
  return [...new Map(refs.map((ref) => [ref.name, ref])).values()].map(({ name, method }) =>
    methodTable(
      name,
      operators.get(name)!,
      methods.find((each) => each.name === method),
      safeRanges[name],
    ),
  )
}

/** What was asked for of a list. @throws RankBenchError(usage) where nothing is of that name */
function asked(what: string, words: readonly string[]): ReportTable[] {
  if (what === 'methods' && words.length > 0) return methodTables(words)
  const all = [lists[what]()].flat()
  const kept = words.length === 0 ? all : all.map((list) => filtered(list, words)).filter(({ rows }) => rows.length > 0)
  if (kept.length > 0) return kept
  throw usageError(`no row of ${what} has ${words.join(' and ')}`, `rank-bench list ${what}`)
}

const lists: Readonly<Record<string, () => ReportTable | ReportTable[]>> = {
  methods: listMethods,
  datasets: listDatasets,
  experiments: listExperiments,
  metrics: listMetrics,
  configs: listConfigs,
  papers: listPapers,
  claims: listClaims,
  runs: listRuns,
}

export function addList(program: Command, finish: Finish): void {
  program
    .command('list')
    .description('methods | datasets | experiments | metrics | configs | papers | claims | runs')
    .addArgument(new Argument('<what>').choices(Object.keys(lists)))
    .argument(
      '[words...]',
      'methods: everything about those that a name or selector names; else only rows that have the words',
      words,
    )
    .option('--json', 'as JSON')
    .addOption(pluginOption())
    .addHelpText(
      'after',
      examples(
        'rank-bench list methods',
        'rank-bench list methods rank:sigmoid',
        'rank-bench list claims OHSUMED NDCG',
      ),
    )
    .action(async (what: string, given: string[], flags: { json?: boolean; plugin?: string[] }) => {
      await loadPlugins(flags.plugin ?? [])
      const tables = asked(what, given)
      print(flags.json ? json(tables) : onScreen(tables))
      finish(exitCode.good)
    })
}
