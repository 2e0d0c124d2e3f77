/** The options that cut a plan into parts. */

import type { Command } from 'commander'
import { shard, word } from './arguments.ts'

export interface ShardFlags {
  shard?: string
  costs?: string
}

export const addShardOptions = (command: Command): Command =>
  command
    .option(
      '--shard <i/n|auto>',
      'measure only this part of the plan, e.g. 2/8; auto: the one that Slurm, Kubernetes or a CI matrix says (docs/scale.md)',
      shard,
    )
    .option('--costs <run>', 'balance shards by what the cells of this run took; the same for all of them', word)
