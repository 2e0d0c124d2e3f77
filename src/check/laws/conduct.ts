/** How a plan behaves: edges, neighbours, repetition, buffers, range. */

import { factsOf } from '../../core/operators.ts'
import { broken, expectClose, type Finding, holds, type Law, largest, silent } from '../law.ts'
import { normals, type Sample } from '../sample.ts'
import type { Labelled, Subject } from '../subject.ts'

/** Bit for bit, with NaN equal to NaN and 0 to -0 told apart by nothing. */
function expectSame(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): Finding {
  for (let i = 0; i < expected.length; i++) {
    if (found[i] !== expected[i] && !(Number.isNaN(found[i]) && Number.isNaN(expected[i]))) {
      return broken(`${what}: entry ${i} is ${found[i]}; expected the same bits as ${expected[i]}`)
    }
  }
  return found.length === expected.length ? holds(0) : broken(`${what}: ${found.length} entries`)
}

const all = (findings: readonly Finding[]): Finding => findings.find(({ kind }) => kind === 'broken') ?? holds(0)

const isLoss = ({ operator }: Subject): boolean => factsOf(operator).unit === 'loss'
/** A loss that answers once a batch mixes its rows in the answer, and only there. */
const isReduced = (subject: Subject): boolean => isLoss(subject) && subject.ref.params.reduction !== 'none'

/** What the only entry of a row of one item must be; undefined where nothing is promised. */
function alone({ operator, ref }: Subject, value: number): number | undefined {
  const { output, by, unit } = factsOf(operator)
  if (unit === 'values' && by !== 'item') return value
  if (unit === 'ranks' || output === 'pair') return 1
  if (ref.params.k === undefined || (ref.params.form ?? 'mask') !== 'mask' || unit !== 'share') return undefined
  return Math.min(1, Number(ref.params.k))
}

export const edges: Law = {
  name: 'edges',
  statement: 'no rows, empty rows and single items have a defined answer and finite gradients',
  rows: ['random'],
  judge(subject, sample) {
    const none: Labelled = { values: [], labels: [] }
    const one: Labelled = { values: sample.values.slice(0, 1), labels: sample.labels.slice(0, 1) }
    for (const rows of [[], [none], [none, none], [one, none]]) {
      const { output, gradient } = subject.runBatch(rows, (length) => new Float64Array(length).fill(1))
      const wrong = [...output, ...gradient].find((value) => !Number.isFinite(value))
      if (wrong !== undefined) return broken(`${rows.length} rows of ${rows.map((r) => r.values.length)}: ${wrong}`)
    }
    const expected = alone(subject, subject.precision === 'f32' ? Math.fround(one.values[0]) : one.values[0])
    if (expected === undefined) return holds(0)
    const found = subject.output(one)
    return expectClose(found, [expected], 16 * subject.rounding * largest(found, 1))
  },
}

/** A row between others gives the bits it gives alone, also when a neighbour holds NaN. */
export const isolation: Law = {
  name: 'rows alone',
  statement: 'a row gives the same bits alone, between neighbours, and beside a row of NaN: padding cannot leak',
  rows: ['random', 'tied', 'extreme'],
  exempt: (subject) => (isReduced(subject) ? 'the batch has one answer' : undefined),
  judge(subject, sample) {
    const n = sample.values.length
    const u = normals(sample.random, subject.outputLength(n))
    const alone = subject.run(sample, u)
    const others = [1, 3].map((length) => {
      const values = normals(sample.random, length)
      return { values, labels: values.map(() => sample.random.integer(5)) }
    })
    const poisoned = { values: new Float64Array(2).fill(Number.NaN), labels: new Float64Array(2) }
    const findings = [others[0], poisoned].map((before) => {
      const rows = [before, sample, others[1]]
      const skip = subject.outputLength(before.values.length)
      const batch = subject.runBatch(rows, (length) => {
        const cotangent = new Float64Array(length).fill(0.5)
        cotangent.set(u, skip)
        return cotangent
      })
      const start = before.values.length
      return all([
        expectSame(batch.output.subarray(skip, skip + u.length), alone.output, 'output'),
        expectSame(batch.gradient.subarray(start, start + n), alone.gradient, 'gradient'),
      ])
    })
    return all(findings)
  },
}

export const purity: Law = {
  name: 'inputs kept',
  statement: 'passes leave values, labels and cotangent as they were',
  rows: ['random', 'tied', 'extreme'],
  judge(subject, sample) {
    const plan = subject.plan(sample.values.length)
    plan.values.set(sample.values)
    plan.labels?.set(sample.labels)
    plan.cotangent.set(normals(sample.random, plan.cotangent.length))
    const before = [plan.values, plan.labels ?? [], plan.cotangent].map((buffer) => Float64Array.from(buffer))
    plan.forward()
    plan.backward()
    plan.tangents?.().run()
    const after = [plan.values, plan.labels ?? [], plan.cotangent]
    return all(['values', 'labels', 'cotangent'].map((what, i) => expectSame(after[i], before[i], what)))
  },
}

export const repetition: Law = {
  name: 'repeatable',
  statement: 'the same plan on the same numbers, and a new plan, give the same bits; backward may be called twice',
  rows: ['random', 'tied', 'extreme'],
  judge(subject, sample) {
    const u = normals(sample.random, subject.outputLength(sample.values.length))
    const first = subject.run(sample, u)
    const plan = subject.plan(sample.values.length)
    plan.backward()
    const twice = expectSame(plan.gradient, first.gradient, 'second backward')
    const again = subject.run(sample, u)
    const fresh = subject.runBatch([sample], () => u)
    return all([
      twice,
      ...[again, fresh].flatMap(({ output, gradient }) => [
        expectSame(output, first.output, 'output'),
        expectSame(gradient, first.gradient, 'gradient'),
      ]),
    ])
  },
}

const largestSingle = 3.4028234663852886e38

/** Both passes of the operator in f64; undefined where nobody has it so. */
type InDouble = (subject: Subject) => Pick<Subject, 'run'> | undefined

/** Beyond f32 the true value has no f32; only then may a result be infinite. */
function overflows(subject: Subject, sample: Sample, u: Float64Array, inDouble: InDouble): boolean {
  const double = subject.precision === 'f64' ? undefined : inDouble(subject)
  if (!double) return false
  const { output, gradient } = double.run({ values: sample.values.map(Math.fround), labels: sample.labels }, u)
  return largest(output) > largestSingle || largest(gradient) > largestSingle
}

/** @param inDouble who says what the true value is */
export const rangeBy = (inDouble: InDouble): Law => ({
  name: 'finite',
  statement: 'values from 1e-30 to 1e30, tied or mixed in one row, give finite outputs and gradients',
  rows: ['extreme'],
  judge(subject, sample) {
    const u = normals(sample.random, subject.outputLength(sample.values.length))
    const { output, gradient } = subject.run(sample, u)
    const wrong = [...output, ...gradient].find((value) => !Number.isFinite(value))
    if (wrong === undefined) return holds(0)
    return overflows(subject, sample, u, inDouble) ? silent : broken(`a result is ${wrong}`)
  },
})

export const range = rangeBy((subject) => subject.with({ precision: 'f64' }))

export const precision: Law = {
  name: 'f32 = f64 rounded',
  statement: 'in f32 the passes are those of f64 on the same numbers, rounded',
  rows: ['random', 'tied', 'distinct'],
  exempt: (subject) => (subject.precision === 'f64' ? 'a law of f32' : undefined),
  judge(subject, sample) {
    const values = sample.values.map(Math.fround)
    const u = normals(sample.random, subject.outputLength(values.length)).map(Math.fround)
    const single = subject.run({ ...sample, values }, u)
    const double = subject.with({ precision: 'f64' }).run({ ...sample, values }, u)
    const outputs = expectClose(single.output, double.output, subject.rounding * largest(double.output, 1))
    if (outputs.kind === 'broken') return outputs
    return expectClose(
      single.gradient,
      double.gradient,
      subject.rounding * largest(double.gradient, 2 ** -7 * values.length * largest(u)),
    )
  },
}

const passesCounted = 8
/** Long enough: buffers of up to 64 bytes live on the heap and are not counted. */
const countedLength = 24

export const allocation: Law = {
  name: 'no buffers',
  statement: 'after plan, forward, backward and forward mode allocate no buffers',
  rows: ['random'],
  most: 24,
  judge(subject, sample) {
    const plan = subject.plan(countedLength)
    plan.values.set(normals(sample.random, countedLength))
    plan.labels?.set(Float64Array.from({ length: countedLength }, () => sample.random.integer(5)))
    plan.cotangent.fill(1)
    const tangents = plan.tangents?.()
    const pass = () => {
      plan.forward()
      plan.backward()
      tangents?.run()
    }
    pass()
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < passesCounted; i++) pass()
    const grown = process.memoryUsage().arrayBuffers - before
    return grown <= 0 ? holds(0) : broken(`${grown} bytes of buffers in ${passesCounted} passes`)
  },
}
