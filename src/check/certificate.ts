/** All laws on one operator, in every precision: its certificate. */

import type { Execution, OperatorSpec } from '../core/method.ts'
import { methodRef } from '../core/method-ref.ts'
import type { Precision } from '../core/shape.ts'
import { type TrialOptions, tryLaw, type Verdict } from './law.ts'
import { laws } from './laws/all.ts'
import { findFalling } from './laws/symmetries.ts'
import { visitedPoints } from './points.ts'
import { sampleRow } from './sample.ts'
import { createSubject, type FindOperator, type Subject } from './subject.ts'

export interface Certificate {
  /** `operator:method`. */
  readonly name: string
  readonly precision: Precision
  /** Points of the parameters that took turns. */
  readonly points: number
  readonly verdicts: readonly Verdict[]
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

/** Laws on one operator; every law is judged on `options.rows` rows, the parameters' points taking turns. */
export function certify(
  name: string,
  spec: OperatorSpec,
  precision: Precision,
  options: TrialOptions,
  find: FindOperator,
  execution?: Execution,
): Certificate {
  const points = visitedPoints(spec.params).map((params) =>
    createSubject(methodRef({ name, params }), spec, precision, find, execution),
  )
  const verdicts = laws.map((law) => tryLaw(law, points, options))
  const falls = precision === 'f64' ? counterexampleOf(points, options.seed) : undefined
  return { name, precision, points: points.length, verdicts, ...(falls ? { falls } : {}) }
}

export const brokenLaws = ({ verdicts }: Certificate): Extract<Verdict, { status: 'broken' }>[] =>
  verdicts.filter((verdict) => verdict.status === 'broken')
