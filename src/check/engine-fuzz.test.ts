/**
 * Random ragged batches, kernels against the reference: every operator with kernels, its parameters taking turns, rows of
 * lengths 0 to 9 and now and then of hundreds, values of every kind that has broken a kernel before.
 */

import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { methodRef } from '../core/method-ref.ts'
import { type Random, randomStream } from '../core/random.ts'
import type { Precision } from '../core/shape.ts'
import { operators } from '../methods/registry.ts'
import { compareWithReference, nudgedRow } from './engine-bounds.ts'
import { visitedPoints } from './points.ts'
import { normals } from './sample.ts'
import { createSubject, type Labelled, type Passes, type Subject } from './subject.ts'

const batches = Number(process.env.RANK_BENCH_FUZZ ?? 100_000)

const draws: readonly ((n: number, random: Random) => number[])[] = [
  (n, random) => Array.from({ length: n }, () => random.normal()),
  (n, random) => Array.from({ length: n }, () => 10 * random.normal()),
  // Heavy ties.
  (n, random) => Array.from({ length: n }, () => random.integer(3)),
  (n) => new Array<number>(n).fill(-2.5),
  // Offsets that take most digits in f32.
  (n, random) => Array.from({ length: n }, () => 1e6 + random.normal()),
  // Tiny, huge and denormal in f32.
  (n, random) => Array.from({ length: n }, () => 1e-20 * random.normal()),
  (n, random) => Array.from({ length: n }, () => 1e15 * random.normal()),
  (n, random) => Array.from({ length: n }, () => 1e-41 * random.normal()),
  // Signed zeros, sorted either way.
  (n, random) => Array.from({ length: n }, () => (random.uniform() < 0.5 ? 0 : -0)),
  (n) => Array.from({ length: n }, (_, i) => i / 4),
  (n) => Array.from({ length: n }, (_, i) => -i),
]

function drawRow(random: Random, precision: Precision): Labelled & { readonly values: Float64Array } {
  const n = random.uniform() < 0.01 ? 10 + random.integer(300) : random.integer(10)
  const values = Float64Array.from(draws[random.integer(draws.length)](n, random))
  return {
    values: precision === 'f32' ? values.map(Math.fround) : values,
    labels: Float64Array.from({ length: n }, () => random.integer(5)),
  }
}

interface Case {
  readonly name: string
  readonly fast: Subject
}

const withKernels = [...operators].filter(([, spec]) => spec.fast)
const find = (name: string) => operators.get(name)
const catalogue = new Map([...operators].map(([name, { params }]) => [name, params]))

/** Every operator with kernels, at every point of its parameters, in both precisions. */
const cases: readonly Case[] = withKernels.flatMap(([name, spec]) =>
  visitedPoints(spec.params, catalogue).flatMap((params) =>
    (['f64', 'f32'] as const).map((precision) => ({
      name,
      fast: createSubject(methodRef({ name, params }), spec, precision, find, { engine: 'fast' }),
    })),
  ),
)

const part = (
  { output, gradient }: Passes,
  from: number,
  to: number,
  outputFrom: number,
  outputTo: number,
): Passes => ({
  output: output.subarray(outputFrom, outputTo),
  gradient: gradient.subarray(from, to),
})

/** What is wrong with one batch, or nothing. A reduced loss is judged as a whole, everything else row by row. */
function judgeBatch({ fast }: Case, rows: readonly (Labelled & { readonly values: Float64Array })[], random: Random) {
  let u = new Float64Array(0)
  const cotangent = (length: number) => {
    if (u.length !== length) u = normals(random, length).map(Math.fround)
    return u
  }
  const reference = fast.reference!()
  const moved = rows.flatMap((row) => nudgedRow(fast, row) ?? [])
  const passes = {
    fast: fast.runBatch(rows, cotangent),
    slow: reference.runBatch(rows, cotangent),
    nudged: moved.length === rows.length ? reference.runBatch(moved, cotangent) : undefined,
  }
  const reduced = fast.operator === 'loss' && fast.ref.params.reduction !== 'none'
  if (reduced) {
    const values = rows.flatMap((row) => [...row.values])
    return compareWithReference(fast, { values, rows: rows.map((row) => row.values), u, ...passes })
  }
  const perRow = fast.operator === 'loss' || fast.operator === 'quantile'
  let [item, entry] = [0, 0]
  for (const { values } of rows) {
    const [n, length] = [values.length, perRow ? 1 : fast.operator === 'matrix' ? values.length ** 2 : values.length]
    const of = (whole: Passes) => part(whole, item, item + n, entry, entry + length)
    const finding = compareWithReference(fast, {
      values,
      u: u.subarray(entry, entry + length),
      fast: of(passes.fast),
      slow: of(passes.slow),
      nudged: passes.nudged && of(passes.nudged),
    })
    if (finding.kind === 'broken') return finding
    item += n
    entry += length
  }
  return undefined
}

describe('kernels on random ragged batches', () => {
  test(`agree with the reference on ${batches} of them`, { timeout: 600_000 }, async () => {
    expect(cases.length).toBeGreaterThan(100)
    const broken: string[] = []
    for (let index = 0; index < batches && broken.length < 5; index++) {
      const random = randomStream(7, `fuzz/${index}`)
      const subject = cases[index % cases.length]
      const rows = Array.from({ length: random.integer(4) }, () => drawRow(random, subject.fast.precision))
      const finding = judgeBatch(subject, rows, random)
      if (finding?.kind === 'broken') {
        const numbers = rows.map(({ values }) => `[${values.join(', ')}]`).join(' ')
        broken.push(
          `${subject.name} ${JSON.stringify(subject.fast.ref.params)} in ${subject.fast.precision}, batch ${index}: ${numbers.slice(0, 600)}: ${finding.detail}`,
        )
      }
      if (index % 5000 === 0) await setImmediate()
    }
    expect(broken).toEqual([])
  })
})
