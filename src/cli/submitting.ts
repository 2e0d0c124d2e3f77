/** What is submitted: the plan in shards, and what each needs. */

import type { RunConfig } from '../config/schema.ts'
import { operators } from '../registry.ts'
import { type PlannedRun, planConfig } from '../run/run.ts'
import { type Shards, shardsOf } from '../run/shards/part.ts'
import { needsOf, type ShardNeeds } from '../submit/needs.ts'
import { estimatesHere } from './estimates.ts'
import type { MeasuringFlags } from './measuring-options.ts'
import { tell } from './output.ts'

interface Submitted {
  readonly planned: PlannedRun
  readonly count: number
  readonly shards: Shards
  readonly needs: readonly ShardNeeds[]
}

/** A shard is to take about this long where nobody says how many there are; schedulers take some thousand at most. */
const [usualSeconds, mostUsual] = [3600, 1000]

export async function planSubmission(
  config: RunConfig,
  flags: MeasuringFlags & { shards?: number },
): Promise<Submitted> {
  const { data, python, peer, costs } = flags
  const planned = await planConfig(config, { data, python, peer, costs, events: { note: tell } })
  const { plan, protocol } = planned
  const estimate = estimatesHere(planned, flags)
  const whole = Math.ceil(estimate(plan.cells).highSeconds / usualSeconds)
  const count = flags.shards ?? Math.min(Math.max(1, whole), mostUsual)
  const shards = shardsOf(plan.cells, count, protocol, costs)
  const needs = shards.parts.map((cells, i) =>
    needsOf(i + 1, cells, {
      jobs: flags.jobs,
      seconds: Math.ceil(estimate(cells).highSeconds),
      mostGiB: flags.memory,
      operators,
    }),
  )
  return { planned, count, shards, needs }
}
