/** Limits as flags and files give them -> the policy of a gate. */

import { loadPolicy } from '../config/policy.ts'
import { type PolicyLine, parseLimit, usualPolicy } from '../judge/gate/policy.ts'

export interface PolicyFlags {
  limit?: PolicyLine[]
  policy?: string
  command?: string[]
}

/** What ships, then what a file says, then what was typed: the last that fits counts. Whatever a command prints is gated. */
export function policyOf({ policy, limit = [], command }: PolicyFlags): PolicyLine[] {
  const file = policy === undefined ? [] : loadPolicy(policy)
  const lines = file.map(({ limit: text, because, match, metric }): PolicyLine => {
    const most = parseLimit(text)
    const limit = most && { ...most, ...(because !== undefined && { because }) }
    return { metric, limit, ...(match !== undefined && { match }) }
  })
  const everything: PolicyLine[] = command ? [{ metric: '*', limit: { by: 'share', most: 0.03 } }] : []
  return [...everything, ...usualPolicy, ...lines, ...limit]
}
