/**
 * Which visits a merged run keeps. A choice that does not depend on the order of what is merged, or on how often: of visits that
 * answer one question the best stays, under an order of all visits; and answers that differ stay beside each other.
 */

import type { Visit } from '../../core/result.ts'
import type { Found } from './source.ts'

export interface Kept {
  readonly visits: readonly Found[]
  /** Visits beside the one that is kept, of the same answer. */
  readonly doubles: number
  /** More than one answer to one question. */
  readonly differ: boolean
}

type LineOf = (found: Found) => string

/** Lines are read where times do not decide. */
const compare = (a: Found, b: Found, line: LineOf): number => {
  if (a.startedAt !== b.startedAt) return a.startedAt - b.startedAt
  const [one, other] = [line(a), line(b)]
  return one < other ? -1 : one > other ? 1 : 0
}

/** One machine begins one visit to a cell at a time. */
const isSame = (a: Found, b: Found): boolean =>
  a.startedAt === b.startedAt && a.machine === b.machine && a.round === b.round

/** Each once, however many sources have it; the earliest first. */
function distinct(found: readonly Found[], line: LineOf, answerOf: LineOf): Found[] {
  if (found.length < 2) return [...found]
  const sorted = [...found].sort((a, b) => compare(a, b, line))
  return sorted.filter(
    (each, i) => !sorted.slice(0, i).some((other) => isSame(other, each) && answerOf(other) === answerOf(each)),
  )
}

/** What failed says why there is no number, the last time that it was tried. */
const lastFailure = (failed: readonly Found[], line: LineOf): Found[] =>
  [...failed].sort((a, b) => compare(a, b, line)).slice(-1)

function chosen(found: readonly Found[], line: LineOf, answerOf: LineOf): Kept {
  const measured = distinct(
    found.filter((each) => each.measured),
    line,
    answerOf,
  )
  if (measured.length === 0) return { visits: lastFailure(found, line), doubles: 0, differ: false }
  if (measured.length === 1) return { visits: measured, doubles: 0, differ: false }
  const byAnswer = new Map<string, Found>()
  for (const each of measured) {
    const answer = answerOf(each)
    if (!byAnswer.has(answer)) byAnswer.set(answer, each)
  }
  return { visits: [...byAnswer.values()], doubles: measured.length - byAnswer.size, differ: byAnswer.size > 1 }
}

const together = (parts: readonly Kept[]): Kept => ({
  visits: parts.flatMap(({ visits }) => visits),
  doubles: parts.reduce((sum, { doubles }) => sum + doubles, 0),
  differ: parts.some(({ differ }) => differ),
})

/** Of an untimed cell, wherever it was computed. @param answerOf what must be the same everywhere */
export const keepUntimed = (found: readonly Found[], line: LineOf, answerOf: LineOf): Kept =>
  chosen(found, line, answerOf)

/** Of a timed cell, a round of a machine at a time: two measurements of one are one, the earlier. */
export function keepTimed(found: readonly Found[], line: LineOf): Kept {
  const rounds = new Map<string, Found[]>()
  for (const each of found) {
    const round = `${String(each.round).padStart(6, '0')} ${each.machine}`
    const known = rounds.get(round)
    if (known) known.push(each)
    else rounds.set(round, [each])
  }
  const inOrder = [...rounds].sort(([a], [b]) => (a < b ? -1 : 1))
  return together(inOrder.map(([, own]) => chosen(own, line, () => '')))
}

/** What `remaining` looks at of a visit. */
export const outline = ({ key, round, machine, measured }: Found): Visit => ({
  key,
  round,
  machine,
  startedAt: '',
  elapsedMs: 0,
  outcome: measured
    ? { status: 'measured', observations: [], warnings: [] }
    : { status: 'failed', error: { message: '' } },
})
