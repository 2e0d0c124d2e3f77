/** The history of a gate: one line a gate, appended and never changed, so that a slow drift is seen that no single gate can see. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { dataError } from '../core/errors.ts'
import type { GateOutcome, GateResult, PastGate } from '../core/gate.ts'
import { onFile } from '../files/problem.ts'

const pastOf = (result: GateResult, outcome: GateOutcome): PastGate => ({
  at: result.createdAt,
  version: result.after.version,
  against: result.before.version,
  machine: result.machine,
  outcome,
  numbers: result.rows.flatMap(({ subject, metric, better, after, change, limit }) =>
    after === undefined
      ? []
      : [
          {
            name: `${subject}: ${metric}`,
            better,
            value: after,
            ...(limit.by === 'share' && change && { ratio: 1 + change.value }),
          },
        ],
  ),
})

/** @throws RankBenchError(data) with the number of a line that cannot be read */
export function readHistory(path: string): PastGate[] {
  if (!existsSync(path)) return []
  const lines = onFile(path, () => readFileSync(path, 'utf8')).split('\n')
  return lines.flatMap((line, i) => {
    if (line === '') return []
    try {
      return [JSON.parse(line) as PastGate]
    } catch {
      throw dataError(`${path}: line ${i + 1} is no gate`, 'take the line out, or name another file')
    }
  })
}

/** @returns the number of the new line */
export function appendGate(path: string, result: GateResult, outcome: GateOutcome): number {
  const before = readHistory(path).length
  onFile(path, () => appendFileSync(path, `${JSON.stringify(pastOf(result, outcome))}\n`))
  return before + 1
}
