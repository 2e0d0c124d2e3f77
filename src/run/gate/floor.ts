/** Limits below what this machine can tell apart: refused where they were asked for, raised where they are only usual. */

import { usageError } from '../../core/errors.ts'
import type { GatePlan } from '../../core/gate.ts'
import { type PolicyLine, usualPolicy } from '../../judge/gate/policy.ts'
import { smallestLimit } from '../../judge/gate/sequential.ts'
import { limitText } from '../../report/gate/words.ts'
import type { Floor } from '../../store/floor.ts'

const percent = (share: number): string => limitText({ by: 'share', most: Math.ceil(1000 * share) / 1000 })

/**
 * @param floor what doctor measured on this machine; without it every limit is taken
 * @returns the policy that is held
 * @throws RankBenchError(usage) with the smallest limit that can be held
 */
export function heldPolicy(
  policy: readonly PolicyLine[],
  plan: GatePlan,
  floor: Floor | undefined,
  note: (text: string) => void,
): readonly PolicyLine[] {
  if (!floor) return policy
  const smallest = Math.expm1(smallestLimit(floor.deviation, plan))
  return policy.map((line) => {
    const { limit, metric } = line
    if (!metric.startsWith('time') || limit?.by !== 'share' || limit.most >= smallest) return line
    const why = `this machine tells ${percent(smallest)} apart in ${plan.looks.at(-1)} rounds (doctor, ${floor.at.slice(0, 10)})`
    if (!usualPolicy.includes(line))
      throw usageError(
        `${metric}: a limit of ${limitText(limit)} is below the noise floor: ${why}`,
        `--limit '${metric}=${percent(smallest).replace(' ', '')}', more --rounds, or rank-bench doctor again on a quieter machine`,
      )
    note(`${metric}: the limit is ${percent(smallest)} instead of the usual ${limitText(limit)}: ${why}`)
    return { ...line, limit: { ...limit, most: smallest } }
  })
}
