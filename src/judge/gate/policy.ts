/** Which limit holds for which number: the last line of a policy that fits it. */

import { usageError } from '../../core/errors.ts'
import type { GateKind, GateRow, Limit } from '../../core/gate.ts'
import type { Observation } from '../../core/result.ts'

/** One line: numbers it is for, and the limit. `*` stands for any text. */
export interface PolicyLine {
  /** Of an experiment, method, data set or command; default all. */
  readonly match?: string
  readonly metric: string
  /** Undefined: not gated. */
  readonly limit: Limit | undefined
  /** Typed for this gate: a number must be called so. Lines of a file may be for other gates. */
  readonly asked?: true
}

/** What a gate holds its subjects to when nobody says otherwise; each with its reason. */
export const usualPolicy: readonly PolicyLine[] = [
  {
    metric: 'time*',
    limit: { by: 'share', most: 0.03, because: 'smaller than what users notice, larger than what quiet machines do' },
  },
  { metric: 'instructions*', limit: { by: 'share', most: 0.01, because: 'counts repeat to some parts in a thousand' } },
  { metric: 'memory*', limit: { by: 'share', most: 0.02, because: 'buffers do not vary' } },
  {
    metric: 'allocation*',
    limit: { by: 'amount', most: 64, because: 'a call allocates nothing: anything above a rounding is new' },
  },
  { metric: 'size*', limit: { by: 'share', most: 0.05, because: 'a package grows on purpose' } },
  {
    metric: 'growth*',
    limit: { by: 'amount', most: 0.15, because: 'a logarithm more is about 0.2 between the lengths measured' },
  },
  { metric: 'broken*', limit: { by: 'amount', most: 0, because: 'a law that held is a promise' } },
  { metric: 'error*', limit: { by: 'share', most: 1, because: 'one bit more of rounding' } },
  { metric: 'ndcg*', limit: { by: 'amount', most: 0.005, because: 'half a point of NDCG' } },
  { metric: 'map*', limit: { by: 'amount', most: 0.005, because: 'half a point' } },
  { metric: 'accuracy*', limit: { by: 'amount', most: 0.005, because: 'half a point' } },
]

const fits = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text)

/** @param names what `match` may mean: experiment, method, data set and the whole of a subject */
export function limitOf(policy: readonly PolicyLine[], names: readonly string[], metric: string): Limit | undefined {
  const line = policy.findLast(
    (each) => fits(each.metric, metric) && (each.match === undefined || names.some((name) => fits(each.match!, name))),
  )
  return line?.limit
}

/** `3%` a share, `0.005` an amount, `off` none. @throws RankBenchError(usage) */
export function parseLimit(text: string): Limit | undefined {
  if (text === 'off') return undefined
  const [, digits, percent] = /^(\d+(?:\.\d+)?(?:e-?\d+)?)(%?)$/.exec(text.trim()) ?? []
  const value = Number(digits)
  if (digits !== undefined && Number.isFinite(value))
    return percent ? { by: 'share', most: value / 100 } : { by: 'amount', most: value }
  throw usageError(
    `read the limit ${JSON.stringify(text)}; expected a share such as 3%, an amount such as 0.005, or off`,
  )
}

/** `time.*=5%`, `rank:*\/time.forward=2%`, `ndcg@10:letor4=0.01`: [match/]metric=limit. @throws RankBenchError(usage) */
export function parsePolicyLine(text: string): PolicyLine {
  const at = text.lastIndexOf('=')
  if (at <= 0)
    throw usageError(`read --limit ${JSON.stringify(text)}; expected [selector/]metric=limit, e.g. 'time.*=5%'`)
  const [left, limit] = [text.slice(0, at), parseLimit(text.slice(at + 1))]
  const slash = left.lastIndexOf('/')
  const rest = { limit, asked: true } as const
  return slash < 0 ? { metric: left, ...rest } : { match: left.slice(0, slash), metric: left.slice(slash + 1), ...rest }
}

const kinds: readonly (readonly [pattern: string, kind: GateKind])[] = [
  ['time*', 'time'],
  ['instructions*', 'count'],
  ['size*', 'size'],
  ['memory*', 'size'],
  ['allocation*', 'size'],
]

/** Apart from each other in tables. */
export const kindOf = ({ metric, unit }: Pick<Observation, 'metric' | 'unit'>): GateKind =>
  kinds.find(([pattern]) => fits(pattern, metric))?.[1] ?? (unit === 'ns' ? 'time' : 'result')

/** Lines that were typed and fit no number that was compared: a gate that looks at nothing does not pass. */
export function unmetLines(policy: readonly PolicyLine[], rows: readonly GateRow[]): PolicyLine[] {
  const meets = ({ match, metric }: PolicyLine, row: GateRow): boolean =>
    fits(metric, row.metric) &&
    (match === undefined || [row.subject, ...row.subject.split(/ on |, | /)].some((word) => fits(match, word)))
  return policy.filter((line) => line.asked && line.limit && !rows.some((row) => meets(line, row)))
}
