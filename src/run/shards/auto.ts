/** Which shard this is, as whoever started the process says it: schedulers and continuous integration tell through the environment. */

import { usageError } from '../../core/errors.ts'
import { parseShard, type Shard, shardText } from '../../core/shard.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Names under which a scheduler tells a task its number. */
interface Scheduler {
  readonly name: string
  readonly index: string
  /** The number of tasks, or the number of the last one. */
  readonly count: string
  /** Number of the first task. */
  readonly first: number | { readonly variable: string }
  readonly counts: 'tasks' | 'last'
  readonly step?: string
  /** Told besides where it is known: an array with gaps has fewer tasks than numbers. */
  readonly last?: string
}

/** The number of shards where a scheduler tells a task its own number only. */
const countVariable = 'RANK_BENCH_SHARDS'
const ownVariable = 'RANK_BENCH_SHARD'

const schedulers: readonly Scheduler[] = [
  {
    name: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: { variable: 'SLURM_ARRAY_TASK_MIN' },
    counts: 'tasks',
    step: 'SLURM_ARRAY_TASK_STEP',
    last: 'SLURM_ARRAY_TASK_MAX',
  },
  { name: 'Kubernetes', index: 'JOB_COMPLETION_INDEX', count: countVariable, first: 0, counts: 'tasks' },
  {
    name: 'AWS Batch',
    index: 'AWS_BATCH_JOB_ARRAY_INDEX',
    count: 'AWS_BATCH_JOB_ARRAY_SIZE',
    first: 0,
    counts: 'tasks',
  },
  {
    name: 'Grid Engine',
    index: 'SGE_TASK_ID',
    count: 'SGE_TASK_LAST',
    first: { variable: 'SGE_TASK_FIRST' },
    counts: 'last',
    step: 'SGE_TASK_STEPSIZE',
  },
  { name: 'GitLab', index: 'CI_NODE_INDEX', count: 'CI_NODE_TOTAL', first: 1, counts: 'tasks' },
  { name: 'CircleCI', index: 'CIRCLE_NODE_INDEX', count: 'CIRCLE_NODE_TOTAL', first: 0, counts: 'tasks' },
  {
    name: 'Buildkite',
    index: 'BUILDKITE_PARALLEL_JOB',
    count: 'BUILDKITE_PARALLEL_JOB_COUNT',
    first: 0,
    counts: 'tasks',
  },
]

/** A task that is told its number and not how many there are. */
const withoutCount = ({ name, index, count }: Scheduler) =>
  usageError(
    `--shard auto: ${name} gives ${index} and no ${count}; expected both`,
    `${countVariable}=8 where there are eight shards, or --shard i/n`,
  )

function whole(variables: Variables, name: string): number {
  const text = variables[name]?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw usageError(`--shard auto: ${name} is ${JSON.stringify(text)}; expected a whole number`)
}

const isSet = (variables: Variables, name: string): boolean => (variables[name] ?? '').trim() !== ''

/** @throws RankBenchError(usage) for an array that is not a whole range: then the number of a task says nothing of its share */
function requireRange(variables: Variables, { name, index, last }: Scheduler, first: number, step: number, n: number) {
  if (last === undefined || !isSet(variables, last)) return
  const numbers = Math.floor((whole(variables, last) - first) / step) + 1
  if (numbers === n) return
  throw usageError(
    `--shard auto: the array of ${name} has ${n} tasks numbered ${first} to ${variables[last]}; expected a whole range`,
    `of tasks that are submitted again say whose they are: --shard $${index}/<shards in all>, or ${countVariable}`,
  )
}

/** The shard by one scheduler; undefined where it did not start this process. */
function shardBy(variables: Variables, scheduler: Scheduler): Shard | undefined {
  if (!isSet(variables, scheduler.index)) return undefined
  // Grid Engine tells tasks that are in no array so.
  if (variables[scheduler.index] === 'undefined') return undefined
  const given = isSet(variables, countVariable)
  const countName = given ? countVariable : scheduler.count
  if (!isSet(variables, countName)) throw withoutCount(scheduler)
  const at = whole(variables, scheduler.index)
  const step = scheduler.step && isSet(variables, scheduler.step) ? whole(variables, scheduler.step) || 1 : 1
  const said = whole(variables, countName)
  // With the number of shards given, tasks may be any of them: they are numbered from 1, or as the scheduler always does.
  const firstOf = ({ first }: Scheduler): number =>
    typeof first === 'number'
      ? first
      : given
        ? 1
        : isSet(variables, first.variable)
          ? whole(variables, first.variable)
          : 1
  const first = firstOf(scheduler)
  const count = scheduler.counts === 'last' && !given ? Math.floor((said - first) / step) + 1 : said
  if (!given) requireRange(variables, scheduler, first, step, count)
  const index = given ? at - first + 1 : (at - first) / step + 1
  return parseShard(`${index}/${count}`, `--shard auto: by ${scheduler.index}=${at} and ${countName}=${said} this`)
}

interface FoundShard {
  readonly shard: Shard
  /** Variables that said so. */
  readonly by: string
}

/**
 * @param variables the environment of the process
 * @throws RankBenchError(usage) where nobody says, or two say different things
 */
export function autoShard(variables: Variables): FoundShard {
  const own = variables[ownVariable]
  if (own !== undefined && own.trim() !== '') return { shard: parseShard(own, ownVariable), by: ownVariable }
  const found = schedulers.flatMap((scheduler) => {
    const shard = shardBy(variables, scheduler)
    return shard ? [{ shard, by: scheduler.index }] : []
  })
  const other = found.find(({ shard }) => shardText(shard) !== shardText(found[0].shard))
  if (other) {
    throw usageError(
      `--shard auto: ${found[0].by} says ${shardText(found[0].shard)}, ${other.by} says ${shardText(other.shard)}`,
      `${ownVariable}=i/n decides, and so does --shard i/n`,
    )
  }
  if (found.length > 0) return found[0]
  throw usageError(
    `--shard auto: no scheduler says which part this is; looked for ${ownVariable} and ${schedulers.map(({ index }) => index).join(', ')}`,
    `${ownVariable}=2/8, or --shard 2/8`,
  )
}
