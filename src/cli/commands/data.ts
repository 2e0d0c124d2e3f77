/** rank-bench data: list | add | verify | path | scale. Restricted data is never downloaded. */

import { type Command, Option } from 'commander'
import { dataError, usageError } from '../../core/errors.ts'
import { labelRef, resolveOne } from '../../core/selector.ts'
import {
  addDataset,
  dataRoot,
  datasetPath,
  defaultRoot,
  describeCheck,
  listDatasets,
  verifyDataset,
} from '../../datasets/manage.ts'
import { scaleTable } from '../../one-fold/table.ts'
import { datasets } from '../../registry.ts'
import { type Format, formats } from '../../report/formats/formats.ts'
import { left, type ReportTable, text } from '../../report/table.ts'
import { word } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { countUpTo } from '../numbers.ts'
import { print, tell } from '../output.ts'
import { onScreen, rendered } from '../screen.ts'

interface DataFlags {
  data?: string
}

const rootOf = (flags: DataFlags): string | undefined => dataRoot({ flag: flags.data, env: process.env })

function list(flags: DataFlags): void {
  const root = rootOf(flags)
  const rows = listDatasets(root).map(({ entry, folder }) => [
    text(entry.name),
    text(folder ?? 'not here'),
    text(entry.title),
    text(entry.licence),
    text(entry.obtain),
  ])
  print(
    onScreen([
      {
        id: 'data',
        title: 'Data sets that are files',
        about: [`data root: ${root ?? 'none (--data or RANK_BENCH_DATA)'}`],
        columns: [left('name'), left('folder'), left('what'), left('licence'), left('how to obtain')],
        rows,
        notes: [
          'any other LETOR/SVMlight folder: letor[path=<folder>]',
          'generated, always here: sorting, synthetic-letor',
        ],
      },
    ]),
  )
}

async function verify(name: string, flags: DataFlags): Promise<number> {
  const checks = await verifyDataset(name, rootOf(flags))
  for (const check of checks) print(describeCheck(check))
  const wrong = checks.filter((check) => !check.right).length
  print(`data verify: ${name}: ${checks.length - wrong} parts right, ${wrong} wrong`)
  return wrong > 0 ? exitCode.bad : exitCode.good
}

/** A terabyte: no data set of lists is larger. */
const mostMegabytes = 1_000_000

interface ScaleFlags extends DataFlags {
  fold: string
  textMb: number
  peers?: string
  format: Format
}

/** @throws RankBenchError(usage) for a selector of lists of numbers */
async function scale(selector: string, flags: ScaleFlags): Promise<ReportTable> {
  const spaces = new Map([...datasets].map(([name, { params }]) => [name, params]))
  const ref = resolveOne(selector, spaces, 'dataset')
  const dataset = datasets.get(ref.name)!
  if (dataset.kind !== 'ranking') throw usageError(`${ref.name} holds lists of numbers; expected ranking data`)
  return scaleTable(dataset, ref, labelRef(ref, dataset.params), {
    root: rootOf(flags),
    fold: flags.fold,
    textBytes: flags.textMb * 1e6,
    peers: flags.peers,
    tell,
  })
}

export function addData(program: Command, finish: Finish): void {
  const data = program.command('data').description('published data sets: list | add | verify | path | scale')
  const withRoot = (command: Command) =>
    command.option('--data <folder>', 'data root (default: RANK_BENCH_DATA, else the cache folder of the user)', word)
  withRoot(data.command('list').description('what is here, what is not, how to obtain it'))
    .addHelpText('after', examples('rank-bench data list --data ~/letor'))
    .action((flags: DataFlags) => {
      list(flags)
      finish(exitCode.good)
    })
  withRoot(
    data
      .command('verify')
      .description('counts and digests of every part')
      .argument('<name>', 'as rank-bench data list has it', word)
      .addHelpText('after', examples('rank-bench data verify letor:mq2008')),
  ).action(async (name: string, flags: DataFlags) => finish(await verify(name, flags)))
  withRoot(
    data
      .command('scale')
      .description('read, train and evaluate one fold: what it takes')
      .argument('<selector>', "e.g. 'synthetic-letor[queries=1000]'", word)
      .addHelpText(
        'after',
        examples("rank-bench data scale 'synthetic-letor[queries=30000,features=136,lengths=mslr]'"),
      ),
  )
    .option('--fold <name>', 'the fold', word, 'fold1')
    .option('--text-mb <n>', 'most megabytes of text that is written and read again', countUpTo(mostMegabytes), 200)
    .option('--peers <interpreter>', 'a Python with scikit-learn or lightgbm: its loaders on the same file', word)
    .addOption(new Option('--format <name>', 'what to write').choices(Object.keys(formats)).default('terminal'))
    .action(async (selector: string, flags: ScaleFlags) => {
      print(rendered(flags.format, [await scale(selector, flags)]))
      finish(exitCode.good)
    })
  withRoot(
    data
      .command('path')
      .description('the folder a data set is in')
      .argument('<name>', 'as rank-bench data list has it', word)
      .addHelpText('after', examples('rank-bench data path letor:mq2008')),
  ).action((name: string, flags: DataFlags) => {
    print(datasetPath(name, rootOf(flags)))
    finish(exitCode.good)
  })
  withRoot(
    data
      .command('add')
      .description('check what the publisher ships, copy it to the data root, build its cache')
      .argument('<name>', 'e.g. letor:mq2008', word)
      .argument('<source>', 'folder with S1..S5 or Fold1..Fold5, or a tar or zip archive of one; plain or packed', word)
      .addHelpText('after', examples('rank-bench data add letor:mq2008 ~/downloads/MQ2008 --data ~/letor')),
  ).action(async (name: string, source: string, flags: DataFlags) => {
    const root = flags.data ?? process.env.RANK_BENCH_DATA ?? defaultRoot(process.env)
    if (root === '') throw dataError('the data root is empty', 'name it with --data')
    print(`data add: ${name} is in ${await addDataset(name, source, root)}`)
    finish(exitCode.good)
  })
}
