/** Cells that are not timed: each once on each side, and what their numbers are compared by. */

import type { GateFailure, GateRow, Side } from '../../core/gate.ts'
import type { Observation, RunCell, VisitOutcome } from '../../core/result.ts'
import { limitOf, type PolicyLine } from '../../judge/gate/policy.ts'
import type { ResultPair } from '../../judge/gate/results.ts'
import { subjectOf } from '../../judge/gate/subject.ts'
import { datasets, experiments, operators } from '../../registry.ts'
import { nothingToCompare, reasonOf } from './rows.ts'

const spaces = () => new Map([...operators, ...datasets, ...experiments].map(([name, { params }]) => [name, params]))

interface Visited {
  readonly cell: RunCell
  readonly before: VisitOutcome
  readonly after: VisitOutcome
}

const observations = (outcome: VisitOutcome): readonly Observation[] =>
  outcome.status === 'measured' ? outcome.observations : []

/** Numbers that all cells of a question have on both sides. */
function questionPairs(visited: readonly Visited[], policy: readonly PolicyLine[]): ResultPair[] {
  const { key, cell } = visited[0].cell
  const { label, names } = subjectOf(spaces(), visited.length > 1 ? { ...cell, split: '' } : cell)
  return observations(visited[0].after).flatMap(({ metric, better }) => {
    const limit = better === 'neither' ? undefined : limitOf(policy, [...names, label], metric)
    const [before, after] = (['before', 'after'] as const).map((side) =>
      visited.flatMap((each) => observations(each[side]).filter((one) => one.metric === metric)),
    )
    if (!limit || before.length !== visited.length || after.length !== visited.length) return []
    return [{ key, subject: label, limit, before, after }]
  })
}

interface Untimed {
  readonly pairs: readonly ResultPair[]
  readonly failures: readonly GateFailure[]
  readonly missing: readonly GateRow[]
}

function untimedOf(visited: readonly Visited[], policy: readonly PolicyLine[]): Untimed {
  const { label } = subjectOf(spaces(), visited[0].cell.cell)
  const failed = visited.find(({ after }) => after.status !== 'measured')
  if (failed)
    return { pairs: [], missing: [], failures: [{ subject: label, side: 'after', reason: reasonOf(failed.after) }] }
  const absent = visited.find(({ before }) => before.status !== 'measured')
  if (!absent) return { pairs: questionPairs(visited, policy), failures: [], missing: [] }
  const { key } = visited[0].cell
  const row = nothingToCompare({ key, label }, `the earlier version has no number: ${reasonOf(absent.before)}`)
  return { pairs: [], failures: [], missing: [row] }
}

interface Questions {
  /** Cells of one question together: folds and seeds. */
  readonly untimed: readonly (readonly RunCell[])[]
  measure(key: string, side: Side): Promise<VisitOutcome>
}

/** Each untimed cell once on each side, both at a time. */
export async function visitUntimed(
  { untimed, measure }: Questions,
  policy: readonly PolicyLine[],
  signal: AbortSignal,
): Promise<Untimed[]> {
  const found: Untimed[] = []
  for (const question of untimed) {
    const visited: Visited[] = []
    for (const cell of question) {
      const [before, after] = await Promise.all((['before', 'after'] as const).map((side) => measure(cell.key, side)))
      if (signal.aborted) return found
      visited.push({ cell, before, after })
    }
    found.push(untimedOf(visited, policy))
  }
  return found
}
