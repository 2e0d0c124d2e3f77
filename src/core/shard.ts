/** One part of a plan, and the names under which parts lie beside each other. */

import { usageError } from './errors.ts'

export interface Shard {
  /** From 1. */
  readonly index: number
  readonly count: number
}

/** Parts of one plan: more than schedulers take in one array. */
const mostShards = 10_000

export const shardText = ({ index, count }: Shard): string => `${index}/${count}`

export const expectedShard = `i/n with 1 <= i <= n <= ${mostShards}, e.g. 2/8, or auto`

/** `2/8`. @throws RankBenchError(usage) for what is no part of a whole */
export function parseShard(text: string, from = '--shard'): Shard {
  const read = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim())
  const [index, count] = read ? [Number(read[1]), Number(read[2])] : [0, 0]
  if (index >= 1 && index <= count && count <= mostShards) return { index, count }
  throw usageError(`${from} is ${JSON.stringify(text)}; expected ${expectedShard}`)
}

export const shardFolder = ({ index, count }: Shard): string => `shard-${index}-of-${count}`

/** The part that a folder is named for; undefined of other names. */
export function shardOfFolder(name: string): Shard | undefined {
  const read = /^shard-(\d+)-of-(\d+)$/.exec(name)
  return read ? { index: Number(read[1]), count: Number(read[2]) } : undefined
}
