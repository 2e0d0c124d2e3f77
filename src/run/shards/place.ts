/** Where the shards of a plan lie, and which of them are there: folders beside each other, each a run with its own journal. */

import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { usageError } from '../../core/errors.ts'
import { shardFolder, shardOfFolder, shardText } from '../../core/shard.ts'
import { holdsRun, readRunFile, type ShardFacts } from '../../store/run.ts'

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Folders of shards in a folder, in their order. */
export function shardsBelow(parent: string): string[] {
  const names = isFolder(parent) ? readdirSync(parent) : []
  return names
    .flatMap((name) => {
      const shard = shardOfFolder(name)
      return shard && holdsRun(join(parent, name)) ? [{ name, shard }] : []
    })
    .sort((a, b) => a.shard.count - b.shard.count || a.shard.index - b.shard.index)
    .map(({ name }) => join(parent, name))
}

/** By what shards were dealt. */
export const dealtText = (dealt: string): string =>
  dealt === 'declared' ? 'the protocol and declared growth' : `what the cells of a run took (${dealt})`

/**
 * Shards of one folder are parts of one whole: a task that was given another number of shards, or other costs, would measure what
 * another one does, and leave out what nobody does.
 * @returns the folder of the shard
 * @throws RankBenchError(usage) where shards of something else lie there
 */
export function placeOf(parent: string, facts: ShardFacts): string {
  const own = shardFolder(facts)
  const [other] = shardsBelow(parent).filter((folder) => basename(folder) !== own)
  if (other === undefined) return join(parent, own)
  const theirs = readRunFile(other).shard
  const elsewhere = 'choose another --out'
  if (!theirs) throw usageError(`${other} is called like a shard and holds a whole run`, elsewhere)
  if (theirs.count !== facts.count)
    throw usageError(
      `${parent} holds shards of ${theirs.count}, and this would be ${shardText(facts)}`,
      `--shard i/${theirs.count}, or ${elsewhere}`,
    )
  if (theirs.plan !== facts.plan)
    throw usageError(
      `${parent} holds shards of another plan (${theirs.cells} cells, ${readRunFile(other).command}); this one has ${facts.cells}`,
      `${elsewhere}; plans of one command differ where data, peers or plug-ins do`,
    )
  if (theirs.dealt !== facts.dealt)
    throw usageError(
      `the shards in ${parent} were dealt by ${dealtText(theirs.dealt)}, this one by ${dealtText(facts.dealt)}`,
      `give all of them the same --costs, or ${elsewhere}`,
    )
  return join(parent, own)
}
