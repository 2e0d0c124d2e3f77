/** The part of a plan that a shard is: found from the plan and from costs that every machine reads alike. */

import { createHash } from 'node:crypto'
import type { Protocol } from '../../core/protocol.ts'
import type { RunCell } from '../../core/result.ts'
import { parseShard, type Shard } from '../../core/shard.ts'
import { operators } from '../../registry.ts'
import { planDigest } from '../../store/plan-file.ts'
import type { ShardFacts } from '../../store/run.ts'
import { visitsOfRun } from '../earlier.ts'
import { type EarlierVisit, type Expected, expectations } from '../estimate.ts'
import { autoShard } from './auto.ts'
import { deal } from './deal.ts'

/** Untimed visits share a machine with one other, as `--jobs` has it unless told. */
const usualJobs = 2

const costIn =
  (protocol: Protocol, expected: (planned: RunCell) => Expected) =>
  (planned: RunCell): number => {
    const { ms } = expected(planned)
    return planned.timed ? protocol.rounds * ms : ms / usualJobs
  }

const digestOf = (visits: readonly EarlierVisit[]): string =>
  createHash('sha256')
    .update(JSON.stringify(visits.map(({ key, elapsedMs }) => `${key} ${elapsedMs}`).sort()))
    .digest('hex')
    .slice(0, 8)

export interface Shards {
  /** Cells of each, in the order of the plan. */
  readonly parts: readonly (readonly RunCell[])[]
  /** Of the shard of this number, from 1. */
  facts(index: number): ShardFacts
}

/**
 * @param costs folder of a run whose visits say what cells cost; without it the protocol and declared growth do
 * @throws RankBenchError(data) where that folder has no visits
 */
export function shardsOf(
  cells: readonly RunCell[],
  count: number,
  protocol: Protocol,
  costs: string | undefined,
): Shards {
  const earlier = costs === undefined ? [] : visitsOfRun(costs)
  const parts = deal(cells, count, costIn(protocol, expectations(protocol, earlier, operators)))
  const plan = planDigest(cells.map(({ key }) => key))
  const dealt = costs === undefined ? 'declared' : digestOf(earlier)
  return { parts, facts: (index) => ({ index, count, plan, cells: cells.length, dealt }) }
}

/**
 * `2/8`, or `auto`: as whoever started the process says.
 * @param note told who said so
 * @throws RankBenchError(usage)
 */
export function readShard(text: string, note: (text: string) => void): Shard {
  if (text.trim() !== 'auto') return parseShard(text)
  const { shard, by } = autoShard(process.env)
  note(`shard ${shard.index}/${shard.count}, as ${by} says`)
  return shard
}
