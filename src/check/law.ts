/** What a law is, and how it is tried on many rows. */

import { factsOf } from '../core/operators.ts'
import { formatRef } from '../core/selector.ts'
import { nowMs } from '../measure/clock.ts'
import { type RowKind, type Sample, sampleRow } from './sample.ts'
import { shrink } from './shrink.ts'
import type { Subject } from './subject.ts'

/** What one row said. */
export type Finding =
  /** `error`: how far off, relative to what the law allows (1 = just allowed). */
  | { readonly kind: 'holds'; readonly error: number }
  /** No derivative here to compare with. */
  | { readonly kind: 'kink' }
  | { readonly kind: 'broken'; readonly detail: string }
  /** The law says nothing about this row. */
  | { readonly kind: 'silent' }

export interface Law {
  readonly name: string
  readonly statement: string
  readonly rows: readonly RowKind[]
  /** Enough trials for a law that is about plans, not about rows. */
  readonly most?: number
  /** Why the law does not bind this subject, or undefined when it does. */
  readonly exempt?: (subject: Subject) => string | undefined
  readonly judge: (subject: Subject, sample: Sample) => Finding
}

export type LawVerdict =
  | {
      readonly status: 'holds'
      readonly law: string
      readonly rows: number
      readonly kinks: number
      readonly worst: number
    }
  | { readonly status: 'broken'; readonly law: string; readonly rows: number; readonly counterexample: string }
  | { readonly status: 'not promised'; readonly law: string; readonly reason: string }
  /** A law that found nothing to judge: neither a pass nor a failure. */
  | { readonly status: 'inconclusive'; readonly law: string; readonly reason: string }

export const holds = (error: number): Finding => ({ kind: 'holds', error })
export const broken = (detail: string): Finding => ({ kind: 'broken', detail })
export const kink: Finding = { kind: 'kink' }
export const silent: Finding = { kind: 'silent' }

const show = (numbers: ArrayLike<number>): string => `[${Array.from(numbers).join(', ')}]`

/** Two rows of numbers that should be equal up to `allowed`, an absolute difference. NaN is never equal. */
export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, allowed: number): Finding {
  if (found.length !== expected.length) return broken(`${found.length} entries; expected ${expected.length}`)
  let worst = 0
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i])
    if (!(error <= allowed)) return broken(`entry ${i} is ${found[i]}; expected ${expected[i]} within ${allowed}`)
    worst = Math.max(worst, error)
  }
  return holds(allowed === 0 ? 0 : worst / allowed)
}

export function largest(numbers: ArrayLike<number>, floor = 0): number {
  let size = floor
  for (let i = 0; i < numbers.length; i++) size = Math.max(size, Math.abs(numbers[i]))
  return size
}

export interface TrialOptions {
  readonly seed: number
  /** Rows on which the law must have been judged. */
  readonly rows: number
  /** Look for the smallest row that breaks a law. */
  readonly smallest?: boolean
}

const turnsPerPoint = 2
/** A row may be silent; this many attempts a row asked for, then the trial ends with what it has. */
const attemptsPerRow = 4

function describe(subject: Subject, sample: Sample, detail: string): string {
  const labels = factsOf(subject.operator).labels ? `, labels ${show(sample.labels)}` : ''
  return `${formatRef(subject.ref)} in ${subject.precision}, ${sample.kind} row ${show(sample.values)}${labels}: ${detail}`
}

const longestMessage = 240

/** What an exception says, in a line: frameworks put a stack of calls between what comes first and what comes last. */
function inOneLine(message: string): string {
  const lines = message.split('\n').flatMap((line) => line.trim() || [])
  const error = lines.slice(1).findLast((line) => /^\w*(Error|Exception)\b/.test(line)) ?? lines.at(-1)
  const shown = lines.length > 2 ? `${lines[0]} ... ${error}` : lines.join(' ')
  return shown.length > longestMessage ? `${shown.slice(0, longestMessage)} ...` : shown
}

/** A throw is a broken law: the row that caused it is what a person needs. */
function judgeRow(law: Law, subject: Subject, sample: Sample): Finding {
  try {
    return law.judge(subject, sample)
  } catch (error) {
    return broken(inOneLine(error instanceof Error ? error.message : String(error)))
  }
}

const inPrecision = (subject: Subject, sample: Sample): Sample =>
  subject.precision === 'f32' ? { ...sample, values: sample.values.map(Math.fround) } : sample

const smallestOf = (law: Law, subject: Subject, draw: () => Sample, detail: string, began: number) =>
  shrink(
    draw,
    detail,
    (candidate) => {
      const finding = judgeRow(law, subject, inPrecision(subject, candidate))
      return finding.kind === 'broken' ? finding.detail : undefined
    },
    () => nowMs() - began,
  )

/** Tries a law on rows of all its kinds, the points of the parameters taking turns. Ends at the first broken row. */
export function tryLaw(law: Law, points: readonly Subject[], { seed, rows, smallest }: TrialOptions): LawVerdict {
  const reasons = points.map((subject) => law.exempt?.(subject))
  const bound = points.filter((_, i) => reasons[i] === undefined)
  if (bound.length === 0) return { status: 'not promised', law: law.name, reason: reasons[0] ?? 'no point to try' }
  // Every point gets its turn, however few rows were asked for.
  const wanted = Math.max(Math.min(rows, law.most ?? rows), bound.length * (law.most === undefined ? turnsPerPoint : 1))
  let [judged, kinks, worst] = [0, 0, 0]
  for (let index = 0; judged < wanted && index < attemptsPerRow * wanted; index++) {
    const subject = bound[index % bound.length]
    const kind = law.rows[Math.floor(index / bound.length) % law.rows.length]
    const draw = () => inPrecision(subject, sampleRow(kind, seed, index))
    const sample = draw()
    const began = nowMs()
    const finding = judgeRow(law, subject, sample)
    if (finding.kind === 'silent') continue
    judged++
    if (finding.kind === 'kink') kinks++
    if (finding.kind === 'holds') worst = Math.max(worst, finding.error)
    if (finding.kind === 'broken') {
      const shown = smallest
        ? smallestOf(law, subject, draw, finding.detail, began)
        : { sample, detail: finding.detail }
      return {
        status: 'broken',
        law: law.name,
        rows: judged,
        counterexample: describe(subject, shown.sample, shown.detail),
      }
    }
  }
  if (judged > kinks) return { status: 'holds', law: law.name, rows: judged, kinks, worst }
  return { status: 'inconclusive', law: law.name, reason: `${kinks} kinks, no other row` }
}
