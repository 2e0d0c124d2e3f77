/** rank-bench list: what selectors can name. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Argument, type Command } from 'commander'
import { loadPaper, paperKeys } from '../../config/load.ts'
import type { OperatorSpec } from '../../core/method.ts'
import { describeRange, type ParamSpace } from '../../core/params.ts'
import { methods } from '../../methods/registry.ts'
import { datasets, experiments, loadPlugins } from '../../registry.ts'
import { json } from '../../report/formats/json.ts'
import { left, type ReportTable, text } from '../../report/table.ts'
import { readRunFile, runFilePath } from '../../store/run.ts'
import { exitCode } from '../exit.ts'
import { listMetrics } from '../metric-tables.ts'
import { print } from '../output.ts'
import { pluginOption } from '../plugin-option.ts'
import type { Finish } from '../program.ts'
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

function operatorRow(family: (typeof methods)[number], operator: string, spec: OperatorSpec): string[] {
  const cited = family.citations.map((citation) => `${citation.authors.split(',')[0]} ${citation.year}`).join('; ')
  const { forward, backward, memory } = spec.growth
  return [
    `${operator}:${family.name}`,
    describeParams(spec.params),
    `${forward} / ${backward} / ${memory}`,
    typeof spec.gradient === 'function' ? 'by parameters' : spec.gradient,
    spec.fast ? 'kernels' : 'reference',
    cited,
  ]
}

function listMethods(): ReportTable {
  const rows = methods.flatMap((family) =>
    Object.entries(family.operators).map(([operator, spec]) => operatorRow(family, operator, spec)),
  )
  return table(
    'Operators',
    ['selector', 'parameters (range)', 'growth: forward / backward / memory', 'gradient', 'engine', 'source'],
    rows,
  )
}

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
    return [key, config.title, String(claims.length), config.citation]
  })
  return table('Papers', ['key', 'title', 'numbers', 'citation'], rows)
}

function listRuns(): ReportTable {
  const folders = existsSync('runs') ? readdirSync('runs').map((name) => join('runs', name)) : []
  const rows = folders
    .filter((folder) => existsSync(runFilePath(folder)))
    .map((folder) => {
      const run = readRunFile(folder)
      return [folder, run.createdAt, String(run.cells.length), run.command]
    })
  return table('Runs below ./runs', ['folder', 'started', 'cells', 'command'], rows)
}

const lists: Readonly<Record<string, () => ReportTable | ReportTable[]>> = {
  methods: listMethods,
  datasets: listDatasets,
  experiments: listExperiments,
  metrics: listMetrics,
  papers: listPapers,
  claims: listClaims,
  runs: listRuns,
}

export function addList(program: Command, finish: Finish): void {
  program
    .command('list')
    .description('methods | datasets | experiments | metrics | papers | claims | runs')
    .addArgument(new Argument('<what>').choices(Object.keys(lists)))
    .option('--json', 'as JSON')
    .addOption(pluginOption())
    .action(async (what: string, flags: { json?: boolean; plugin?: string[] }) => {
      await loadPlugins(flags.plugin ?? [])
      const tables = [lists[what]()].flat()
      print(flags.json ? json(tables) : onScreen(tables))
      finish(exitCode.good)
    })
}
