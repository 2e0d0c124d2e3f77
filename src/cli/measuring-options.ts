/** Options of every verb that measures. */

import { type Command, Option } from 'commander'
import { mostJobs } from '../config/options.ts'
import { type Profile, profiles } from '../core/protocol.ts'
import { defaultMemoryGiB } from '../measure/memory.ts'
import { word, words } from './arguments.ts'
import { gibibytes, seconds } from './limits.ts'
import { countUpTo, integer } from './numbers.ts'
import { pluginOption } from './plugin-option.ts'
import { addShardOptions, type ShardFlags } from './shard-options.ts'

export interface MeasuringFlags extends ShardFlags {
  profile?: Profile
  seed?: number
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
}

/** How cells are visited, the same for every verb that measures. */
export const addVisitOptions = (command: Command): Command =>
  command
    .addOption(new Option('--profile <name>', 'rounds and samples of timed cells').choices(Object.keys(profiles)))
    .option('--seed <n>', 'seed of the run', integer)
    .option('--data <folder>', 'data root (default: RANK_BENCH_DATA, else the cache folder of the user)', word)
    .addOption(pluginOption())
    .option('--python <interpreter>', 'Python with torchsort (default: see rank-bench peers list)', word)
    .option('--peer <adapter>', 'a peer of your own, e.g. ./mine.py; repeatable', words)
    .option('--timeout <seconds>', 'limit of one visit to one cell', seconds, 600)
    .option(
      '--memory <GiB>',
      'memory that one cell may take (default: half of what the machine has)',
      gibibytes,
      defaultMemoryGiB(),
    )
    .option('--no-progress', 'plain lines instead of a bar')

/** Flags of verbs that measure into a run directory. */
export const addMeasuringOptions = (command: Command): Command =>
  addShardOptions(addVisitOptions(command))
    .option('--out <folder>', 'run directory (default: runs/<name>-<plan>)', word)
    .option('--fresh', 'measure again; the earlier journal is kept beside the new one')
    .option('--reuse <run>', 'take what another run finished of the same untimed cells, by their content keys', word)
    .option('--jobs <n>', 'untimed cells at a time', countUpTo(mostJobs), 2)
