/** What a program may tell a run, checked as the command line checks what is typed. */

import { z } from 'zod'
import { usageError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'

/** Timers hold 31 bits of milliseconds. */
export const mostSeconds = Math.floor((2 ** 31 - 1) / 1000)
/** Processes at a time that a machine can be asked to start. */
export const mostJobs = 64

const name = z.string().trim().min(1)
const count = (most: number) => z.int().min(1).max(most)

const shape = {
  out: name,
  data: name,
  python: name,
  peer: z.array(name),
  fresh: z.boolean(),
  reuse: name,
  shard: name,
  costs: name,
  jobs: count(mostJobs),
  timeout: count(mostSeconds),
  memory: z.number().positive(),
  command: z.string(),
  events: z.looseObject({ note: z.function().optional(), progress: z.function().optional() }),
}

const schema = z.strictObject(shape).partial()

/** `jobs is 0; too small: expected number to be >=1` */
const problem = (given: Readonly<Record<string, unknown>>, { path, message }: z.core.$ZodIssue): string => {
  const key = String(path[0])
  return `${path.join('.')} is ${JSON.stringify(given[key]) ?? String(given[key])}: ${message}`
}

/**
 * Options that are undefined count as not given.
 * @throws RankBenchError(usage) for an unknown option, with the nearest, or a value that cannot be honoured
 */
export function requireRunOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw usageError(`run: options are ${JSON.stringify(options)}; expected an object such as { out: 'runs/mine' }`)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const known = Object.keys(shape)
  const unknown = Object.keys(given).find((key) => !known.includes(key))
  if (unknown)
    throw usageError(`run has no option "${unknown}"; it has: ${known.join(', ')}`, didYouMean(unknown, known, 'docs'))
  const result = schema.safeParse(given)
  if (!result.success) throw usageError(`run: ${result.error.issues.map((issue) => problem(given, issue)).join('; ')}`)
}
