/** The shards of a submission as a table, and what they come to. */

import { left, type ReportTable, right, text } from '../report/table.ts'
import type { ShardState, ShardStatus } from './status.ts'

const order: readonly ShardState[] = ['running', 'waiting', 'stalled', 'stopped', 'failed', 'done']

/** `3 running, 1 stalled, 4 done`. */
export const countsText = (shards: readonly ShardStatus[]): string =>
  order
    .flatMap((state) => {
      const count = shards.filter((each) => each.state === state).length
      return count > 0 ? [`${count} ${state}`] : []
    })
    .join(', ')

const row = (shard: ShardStatus, rest: string) =>
  [
    String(shard.index),
    shard.state,
    shard.visits > 0 ? `${shard.measured} of ${shard.visits}` : '–',
    shard.failed > 0 ? String(shard.failed) : '',
    rest,
    shard.holder,
  ].map(text)

/** @param timeLeft of each shard, in words */
export function statusTable(folder: string, shards: readonly ShardStatus[], timeLeft: readonly string[]): ReportTable {
  return {
    id: 'status',
    title: `Shards in ${folder}`,
    about: [
      'stalled: no sign of life; stopped: ended with visits to go; failed: all visits were made, and some failed',
    ],
    columns: [left('shard'), left('state'), right('visits'), right('failed'), right('left'), left('process')],
    rows: shards.map((shard, i) => row(shard, timeLeft[i])),
    notes: [],
  }
}
