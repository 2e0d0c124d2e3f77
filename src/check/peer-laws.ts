/** Laws for somebody else's operator: ours, but for those that only a plan of ours can be held to, and whether it is ours at all. */

import type { OperatorSpec } from '../core/method.ts'
import { factsOf } from '../core/operators.ts'
import { expectClose, type Finding, holds, type Law, largest } from './law.ts'
import { laws } from './laws/all.ts'
import { allocation, range, rangeBy } from './laws/conduct.ts'
import { weighted } from './laws/derivatives.ts'
import { fastIsReference } from './laws/engine.ts'
import { shift, shiftOf } from './laws/symmetries.ts'
import { normals } from './sample.ts'
import { createSubject, type Labelled, type Subject } from './subject.ts'

const notTheirs: readonly Law[] = [fastIsReference, weighted, allocation]

type Operators = ReadonlyMap<string, OperatorSpec>

/** Our reference of the same operator in f64, where we have it. */
function mineOf(operators: Operators, { ref }: Subject): Subject | undefined {
  const spec = operators.get(ref.name)
  return spec && createSubject(ref, spec, 'f64', (name) => operators.get(name))
}

/** What passes as rounding, as where a peer is timed. */
const agreeing = { f32: 1e-3, f64: 1e-8 } as const

/** Values and gradients of our reference in f64, where we have the operator. */
const agrees = (operators: Operators): Law => ({
  name: 'agrees with ours',
  statement: 'values and gradients are those of our reference, to 1e-8 in f64 and 1e-3 in f32',
  rows: ['random', 'distinct', 'tied'],
  exempt: ({ ref }) => (operators.has(ref.name) ? undefined : 'nobody else has it'),
  judge(subject, sample): Finding {
    const mine = mineOf(operators, subject)!
    const u = normals(sample.random, subject.outputLength(sample.values.length)).map(Math.fround)
    const [found, expected] = [subject.run(sample, u), mine.run(sample, u)]
    const limit = subject.rounding >= 2 ** -20 ? agreeing.f32 : agreeing[subject.precision]
    const outputs = expectClose(found.output, expected.output, limit * largest(expected.output, 1e-3))
    const isLoss = factsOf(subject.operator).unit === 'loss'
    if (outputs.kind === 'broken' || (sample.kind === 'tied' && !isLoss)) return outputs
    const slope = (largest(u) * largest(expected.output)) / Math.max(1, largest(sample.values))
    return expectClose(found.gradient, expected.gradient, limit * largest(expected.gradient, slope))
  },
})

/** Bits may differ with the batch where rows are computed together; what a neighbour holds may not show. */
const rowsTogether: Law = {
  name: 'rows apart',
  statement: 'a row gives the same among rows of its length as alone, also where a neighbour holds NaN',
  rows: ['random', 'distinct'],
  judge(subject, sample) {
    const n = sample.values.length
    const length = subject.outputLength(n)
    const one = factsOf(subject.operator).output === 'list'
    if (one) return holds(0)
    const u = normals(sample.random, length)
    const alone = subject.run(sample, u)
    const like = (value: () => number): Labelled => ({ values: sample.values.map(value), labels: sample.labels })
    for (const neighbour of [like(() => sample.random.normal()), like(() => Number.NaN)]) {
      const batch = subject.runBatch([neighbour, sample], (both) => {
        const cotangent = new Float64Array(both).fill(0.5)
        cotangent.set(u, length)
        return cotangent
      })
      const outputs = expectClose(batch.output.subarray(length), alone.output, allowed(subject, alone.output))
      if (outputs.kind === 'broken') return outputs
      const gradients = expectClose(batch.gradient.subarray(n), alone.gradient, allowed(subject, alone.gradient))
      if (gradients.kind === 'broken') return gradients
    }
    return holds(0)
  },
}

const allowed = (subject: Subject, numbers: Float64Array): number => 16 * subject.rounding * largest(numbers, 1)

/** @param operators ours, by name */
export const peerLaws = (operators: Operators): readonly Law[] => [
  agrees(operators),
  // A peer that has f32 alone cannot be asked in f64, and what it brings along nobody else has.
  ...laws
    .filter((law) => !notTheirs.includes(law) && law.name !== 'rows alone')
    .map((law) =>
      law === range ? rangeBy((subject) => mineOf(operators, subject)) : law === shift ? shiftOf(true) : law,
    ),
  rowsTogether,
]
