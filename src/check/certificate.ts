/** All laws on one operator, in every precision: its certificate. */

import type { Execution, OperatorSpec } from '../core/method.ts'
import { methodRef } from '../core/method-ref.ts'
import type { Params } from '../core/params.ts'
import { labelRef } from '../core/selector.ts'
import type { Precision } from '../core/shape.ts'
import { type Law, type LawVerdict, type TrialOptions, tryLaw } from './law.ts'
import { laws } from './laws/all.ts'
import { findFalling } from './laws/symmetries.ts'
import { visitedPoints } from './points.ts'
import { sampleRow } from './sample.ts'
import { createSubject, type FindOperator, type Subject } from './subject.ts'

export interface Certificate {
  /** `operator:method`. */
  readonly name: string
  readonly precision: Precision
  /** The points of the parameters that took turns, by what differs from the defaults. */
  readonly points: readonly string[]
  readonly verdicts: readonly LawVerdict[]
  /** Where a point says it is not monotone: a row that shows it. */
  readonly falls?: string
}

const counterexampleRows = 200

/** @returns a row on which a point that is declared not monotone moves the wrong way */
function counterexampleOf(points: readonly Subject[], seed: number): string | undefined {
  const samples = Array.from({ length: counterexampleRows }, (_, i) => sampleRow('random', seed, i))
  for (const subject of points.filter(({ promises }) => promises.monotone === false)) {
    const found = findFalling(subject, samples)
    if (found) return found
  }
  return undefined
}

/** What is certified, and where. */
interface Certified {
  /** `operator:method`. */
  readonly name: string
  readonly spec: OperatorSpec
  readonly precision: Precision
  /** The points of the parameters that take turns; default: those that the parameters declare (points.ts). */
  readonly points?: readonly Params[] | undefined
  /** All operators by name: the hard one to compare with, and those that parameters name. */
  readonly operators: ReadonlyMap<string, OperatorSpec>
  readonly execution?: Execution | undefined
  /** Those it is held to; default: those of ours. */
  readonly laws?: readonly Law[] | undefined
  /** Rounding that results may carry, relative to the largest number they are made of; default: that of ours. */
  readonly rounding?: number | undefined
}

/** Laws on one operator; every law is judged on `options.rows` rows, the parameters' points taking turns. */
export function certify(certified: Certified, options: TrialOptions): Certificate {
  const { name, spec, precision, operators, execution, rounding } = certified
  const catalogue = new Map([...operators].map(([other, { params }]) => [other, params]))
  const points = certified.points ?? visitedPoints(spec.params, catalogue)
  const find: FindOperator = (other) => operators.get(other)
  const subjects = points.map((params) =>
    createSubject(methodRef({ name, params }), spec, precision, find, execution, rounding),
  )
  const verdicts = (certified.laws ?? laws).map((law) => tryLaw(law, subjects, options))
  const falls = precision === 'f64' ? counterexampleOf(subjects, options.seed) : undefined
  return {
    name,
    precision,
    points: points.map((params) => labelRef({ name, params }, spec.params)),
    verdicts,
    ...(falls ? { falls } : {}),
  }
}

export const brokenLaws = ({ verdicts }: Certificate): Extract<LawVerdict, { status: 'broken' }>[] =>
  verdicts.filter((verdict) => verdict.status === 'broken')
