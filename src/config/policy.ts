/** Policy files of gates -> limits, line by line. */

import { z } from 'zod'
import { usageError } from '../core/errors.ts'
import { readSmallText } from '../files/read-text.ts'

const line = z.strictObject({
  match: z.string().min(1).optional().describe('experiment, method, data set or command; * stands for any text'),
  metric: z.string().min(1).describe('e.g. time.*, ndcg@10:letor4, instructions'),
  limit: z.string().describe('how much worse it may get: a share such as 3%, an amount such as 0.005, or off'),
  because: z.string().optional(),
})

const schema = z.strictObject({ $schema: z.string().optional(), limits: z.array(line).min(1) })

type PolicyFileLine = z.infer<typeof line>

/** @throws RankBenchError(usage) naming the file and the path of the key */
export function loadPolicy(path: string): readonly PolicyFileLine[] {
  let value: unknown
  try {
    value = JSON.parse(readSmallText(path))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw usageError(`policy ${path} is not JSON: ${cause.message}`)
  }
  const read = schema.safeParse(value)
  if (read.success) return read.data.limits
  const problems = read.error.issues.map((issue) => `${issue.path.join('.') || '(top level)'}: ${issue.message}`)
  throw usageError(`policy ${path}:\n  ${problems.join('\n  ')}`, '{"limits": [{"metric": "time.*", "limit": "3%"}]}')
}
