/** rank-bench merge: shards and runs of one plan -> one run. */

import type { Command } from 'commander'
import { mergeTable } from '../../report/merge.ts'
import { type Merged, mergeRuns } from '../../run/merge/merge.ts'
import { word } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { print, tell } from '../output.ts'
import { onScreen, rendered } from '../screen.ts'

interface MergeFlags {
  out: string
  full?: boolean
  json?: boolean
}

const mostNamed = 20

const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

function closing(merged: Merged, code: number): string {
  const { directory, run, sources, machines, measured, skipped, named } = merged
  const of = (state: string) => named.filter((each) => each.state === state).length
  return (
    `merge: ${counted(sources, 'run')} of ${counted(machines, 'machine')}, ${counted(run.cells.length, 'cell')}: ` +
    `${measured} measured, ${skipped} skipped, ${of('failed')} failed, ${of('missing')} missing, ` +
    `${of('double')} double, ${of('differs')} with two answers — exit ${code} (${directory})`
  )
}

async function merge(folders: readonly string[], flags: MergeFlags): Promise<number> {
  const merged = await mergeRuns(folders, { out: flags.out, note: tell })
  const bad = merged.named.some(({ state }) => state !== 'double')
  const code = bad ? exitCode.incomplete : exitCode.good
  const table = mergeTable(merged.named, flags.full || flags.json ? Number.POSITIVE_INFINITY : mostNamed)
  if (flags.json) print(rendered('json', [table]))
  else {
    if (merged.named.length > 0) print(onScreen([table]))
    print(closing(merged, code))
  }
  tell(
    bad
      ? `to measure what is missing: ${merged.run.command} --out ${merged.directory}`
      : `next: rank-bench report ${merged.directory}`,
  )
  return code
}

export function addMerge(program: Command, finish: Finish): void {
  program
    .command('merge')
    .description('shards and runs of one plan into one run; merging again, or in another order, gives the same bytes')
    .argument('<runs...>', 'run directories, or folders that hold shards (shard-1-of-8, ...)')
    .requiredOption('--out <folder>', 'the merged run; what lies there already is merged too', word)
    .option('--full', 'name every cell that is missing, failed, double or has two answers')
    .option('--json', 'the same as JSON')
    .addHelpText(
      'after',
      examples(
        'rank-bench merge runs/standard-1a2b3c4d --out runs/whole',
        'rank-bench merge artifacts/shard-* --out runs/whole && rank-bench report runs/whole',
      ),
    )
    .action(async (folders: string[], flags: MergeFlags) => finish(await merge(folders, flags)))
}
