/** The history of a gate: one line a gate, appended and never changed, so that a slow drift is seen that no single gate can see. */

import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { dataError } from '../core/errors.ts'
import type { GateOutcome, GateResult, PastGate, PastNumber } from '../core/gate.ts'
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

const sides = ['lower', 'higher', 'neither']
const outcomes = ['passed', 'regressed', 'incomplete', 'inconclusive']

const isPastNumber = (value: unknown): boolean => {
  const { name, better, value: number, ratio = 1 } = (value ?? {}) as Partial<PastNumber>
  return (
    typeof name === 'string' && sides.includes(`${better}`) && [number, ratio].every((each) => Number.isFinite(each))
  )
}

const isPastGate = (value: unknown): value is PastGate => {
  const { at, version, against, machine, outcome, numbers } = (value ?? {}) as Partial<PastGate>
  const texts = [at, version, against, machine]
  return (
    texts.every((each) => typeof each === 'string') &&
    outcomes.includes(`${outcome}`) &&
    Array.isArray(numbers) &&
    numbers.every(isPastNumber)
  )
}

function pastGateOf(line: string): PastGate | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isPastGate(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** @throws RankBenchError(data) with the number of a line that cannot be read */
export function readHistory(path: string): PastGate[] {
  if (!existsSync(path)) return []
  const lines = onFile(path, () => {
    if (!statSync(path).isFile()) throw dataError(`${path} is no file that a history could stand in`)
    return readFileSync(path, 'utf8')
  }).split('\n')
  return lines.flatMap((line, i) => {
    if (line === '') return []
    const gate = pastGateOf(line)
    if (gate) return [gate]
    throw dataError(`${path}: line ${i + 1} is no gate`, 'take the line out, or name another file')
  })
}

/** @returns the number of the new line */
export function appendGate(path: string, result: GateResult, outcome: GateOutcome): number {
  const before = readHistory(path).length
  onFile(path, () => appendFileSync(path, `${JSON.stringify(pastOf(result, outcome))}\n`))
  return before + 1
}
