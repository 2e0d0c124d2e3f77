import { describe, expect, test } from 'vitest'
import { gradientKind, type OperatorSpec, type Plan, promisesOf } from '../core/method.ts'
import type { ParamSpec, ParamValue } from '../core/params.ts'
import { type Random, randomStream } from '../core/random.ts'
import { formatRef, type Ref } from '../core/selector.ts'
import { type Precision, raggedShape } from '../core/shape.ts'
import { operators } from './registry.ts'
import { slopeAtZero } from './shared/finite-differences.ts'

/** How hard a solver tries is no part of what it solves: short of the defaults it answers, by design, something else. */
const effort = ['iterations', 'tolerance']

/** Values of a parameter that the laws visit: all choices, and numbers at, below and above the default. */
function visited(param: string, spec: ParamSpec): readonly ParamValue[] {
  if (effort.includes(param)) return [spec.default]
  if (spec.kind === 'choice') return spec.choices
  if (spec.kind === 'flag') return [true, false]
  if (spec.kind === 'text') return [spec.default]
  if (spec.integer) return [...new Set([spec.default, spec.min ?? spec.default, spec.max ?? spec.default])]
  const around = [spec.default, spec.default / 4, spec.default * 3]
  return spec.min === 0 && !spec.exclusiveMin ? [...around, 0] : around
}

function points(name: string, operator: OperatorSpec): Ref[] {
  let grid: Record<string, ParamValue>[] = [{}]
  for (const [param, spec] of Object.entries(operator.params)) {
    grid = grid.flatMap((point) => visited(param, spec).map((value) => ({ ...point, [param]: value })))
  }
  return grid.map((params) => ({ name, params }))
}

const nested = ['sigmoid[strength=0.5]', 'neuralsort', 'softsort[power=2]', 'permutahedron[regularization=kl]']
const refs: Ref[] = [...operators].flatMap(([name, operator]) => points(name, operator))
for (const rank of nested) {
  refs.push({ name: 'loss:spearman', params: { rank, target: 'soft', reduction: 'mean' } })
  refs.push({ name: 'loss:spearman', params: { rank, target: 'hard', reduction: 'mean' } })
}

type Rows = readonly (readonly number[])[]

function planFor(ref: Ref, rows: Rows, labels: Rows, precision: Precision = 'f64'): Plan {
  const plan = operators.get(ref.name)!.plan(raggedShape(rows.map((row) => row.length)), ref.params, precision)
  plan.values.set(rows.flat())
  plan.labels?.set(labels.flat())
  return plan
}

interface Passes {
  readonly output: Float64Array
  readonly gradient: Float64Array
}

/** Both passes with a cotangent that depends on the position only. */
function run(ref: Ref, rows: Rows, labels: Rows, precision: Precision = 'f64', cotangent?: ArrayLike<number>): Passes {
  const plan = planFor(ref, rows, labels, precision)
  plan.cotangent.set(cotangent ?? cotangentOf(plan.output.length))
  plan.forward()
  plan.backward()
  return { output: Float64Array.from(plan.output), gradient: Float64Array.from(plan.gradient) }
}

function cotangentOf(length: number): Float64Array {
  const random = randomStream(5, 'cotangent')
  return Float64Array.from({ length }, () => random.normal())
}

const lengths = [3, 0, 6, 1, 2, 5]
const rowsOf = (name: string, draw: (random: Random) => number): Rows => {
  const random = randomStream(11, name)
  return lengths.map((n) => Array.from({ length: n }, () => draw(random)))
}
const random = rowsOf('random', (random) => random.normal())
const tied = rowsOf('tied', (random) => random.integer(3))
const labels = rowsOf('labels', (random) => random.integer(5))
/** Pairwise different within a row. */
const different = (name: string): Rows => {
  const random = randomStream(13, name)
  return lengths.map((n) => random.shuffle(Array.from({ length: n }, (_, i) => i)))
}
const distinct = different('values')
const distinctLabels = different('labels')

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i])
    expect(error, `entry ${i}: ${found[i]} against ${expected[i]}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected[i])),
    )
  }
}

/** Compares the gradient with finite differences of <cotangent, output>; answers with the number of kinks met. */
function compareWithDifferences(ref: Ref, rows: Rows): number {
  const plan = planFor(ref, rows, labels)
  const u = cotangentOf(plan.output.length)
  plan.cotangent.set(u)
  plan.forward()
  plan.backward()
  const gradient = Float64Array.from(plan.gradient)
  const scale = Math.max(1, ...gradient.map(Math.abs))
  let kinks = 0
  for (let j = 0; j < gradient.length; j++) {
    const at = plan.values[j]
    const slope = slopeAtZero(
      (t) => {
        plan.values[j] = at + t
        plan.forward()
        return Float64Array.from(plan.output).reduce((sum, y, i) => sum + u[i] * y, 0)
      },
      2e-4,
      1e-6 * scale,
    )
    plan.values[j] = at
    if (slope.kind === 'kink') kinks++
    else {
      const error = Math.abs(slope.value - gradient[j])
      expect(error, `item ${j}: ${gradient[j]} against ${slope.value}`).toBeLessThanOrEqual(
        1e-6 * scale + 3 * slope.error,
      )
    }
  }
  return kinks
}

describe.each(refs.map((ref) => ({ name: formatRef(ref), ref })))('$name', ({ ref }) => {
  const operator = operators.get(ref.name)!
  const separate = !ref.name.startsWith('loss:') || ref.params.reduction === 'none'

  if (gradientKind(operator, ref.params) === 'exact') {
    test('backward is the derivative of forward on random rows', () => {
      expect(compareWithDifferences(ref, random)).toBeLessThanOrEqual(2)
    })
    test('backward is the derivative of forward on tied rows, wherever there is one', () => {
      compareWithDifferences(ref, tied)
    })
  }

  test('forward mode is the transpose of backward', () => {
    for (const rows of [random, tied]) {
      const plan = planFor(ref, rows, labels)
      plan.cotangent.set(cotangentOf(plan.output.length))
      plan.forward()
      plan.backward()
      const tangents = plan.tangents!()
      const draw = randomStream(6, 'tangent')
      for (let j = 0; j < tangents.input.length; j++) tangents.input[j] = draw.normal()
      tangents.run()
      const forwards = Array.from(tangents.output, (t, i) => t * plan.cotangent[i]).reduce((a, b) => a + b, 0)
      const terms = Array.from(tangents.input, (t, i) => t * plan.gradient[i])
      const backwards = terms.reduce((a, b) => a + b, 0)
      const size = terms.reduce((a, b) => a + Math.abs(b), 1)
      expect(Math.abs(forwards - backwards)).toBeLessThanOrEqual(1e-11 * size)
    }
  })

  test('a row alone gives the bits it gives in a batch', () => {
    const whole = run(ref, random, labels)
    if (!separate) return
    const perRow = random.map((row, q) => {
      const size = planFor(ref, [row], [labels[q]]).output.length
      return { row, q, size }
    })
    let at = 0
    let item = 0
    const u = cotangentOf(whole.output.length)
    for (const { row, q, size } of perRow) {
      const alone = run(ref, [row], [labels[q]], 'f64', u.subarray(at, at + size))
      expect(alone.output).toEqual(whole.output.slice(at, at + size))
      expect(alone.gradient).toEqual(whole.gradient.slice(item, item + row.length))
      at += size
      item += row.length
    }
  })

  test('passes leave values, labels and cotangent as they were, and repeat bit for bit', () => {
    const plan = planFor(ref, tied, labels)
    plan.cotangent.set(cotangentOf(plan.output.length))
    const before = [plan.values, plan.labels, plan.cotangent].map((buffer) => buffer?.slice())
    plan.forward()
    plan.backward()
    const first = [plan.output.slice(), plan.gradient.slice()]
    plan.forward()
    plan.backward()
    plan.backward()
    expect([plan.output, plan.gradient]).toEqual(first)
    expect([plan.values, plan.labels, plan.cotangent]).toEqual(before)
    plan.dispose()
  })

  test('empty batches and empty rows have a defined result', () => {
    const rows: Rows = [[], [], []]
    for (const batch of [rows, []]) {
      const { output, gradient } = run(ref, batch, batch)
      expect([...output].every((value) => value === 0)).toBe(true)
      expect(gradient).toHaveLength(0)
    }
  })

  test('f32 is f64 rounded', () => {
    const rounded = random.map((row) => row.map(Math.fround))
    const u = cotangentOf(planFor(ref, rounded, labels).output.length).map(Math.fround)
    const [single, double] = (['f32', 'f64'] as const).map((precision) => run(ref, rounded, labels, precision, u))
    expectClose(single.output, double.output.map(Math.fround), 0)
    expectClose(single.gradient, double.gradient.map(Math.fround), 0)
  })

  test('values from 1e-30 to 1e30 give finite outputs and gradients', () => {
    for (const scale of [1e-30, 1e-8, 1e8, 1e30]) {
      for (const rows of [random, tied]) {
        const { output, gradient } = run(
          ref,
          rows.map((row) => row.map((x) => x * scale)),
          labels,
        )
        expect([...output, ...gradient].every(Number.isFinite)).toBe(true)
      }
    }
  })

  test('items may come in any order', () => {
    const [reversed, reversedLabels] = [distinct, distinctLabels].map((rows) => rows.map((row) => row.toReversed()))
    const [straight, back] = [run(ref, distinct, distinctLabels), run(ref, reversed, reversedLabels)]
    const expected = /^(rank|topk):/.test(ref.name)
      ? reverseRows(straight.output)
      : ref.name.startsWith('matrix:')
        ? reverseColumns(straight.output)
        : straight.output
    expectClose(back.output, expected, 1e-12)
  })

  if (promisesOf(operator, ref.params).shift === 'stays') {
    test('a shift of all values changes nothing', () => {
      // Multiples of 1/64: the shifted values are exact.
      const rows = random.map((row) => row.map((x) => Math.round(x * 64) / 64))
      const shifted = rows.map((row) => row.map((x) => x + 4096))
      const [near, far] = [run(ref, rows, labels), run(ref, shifted, labels)]
      expectClose(far.output, near.output, 1e-9)
      expectClose(far.gradient, near.gradient, 1e-9)
    })
  }

  const { softness, hardLimit } = promisesOf(operator, ref.params)
  const soft = softness?.param
  if (softness && soft && ref.params[soft] === operator.params[soft].default) {
    if (hardLimit && !softness.inverse)
      test(`towards ${soft} 0 the output tends to the one at ${soft} 0`, () => {
        const [near, hard] = [1e-9, 0].map((value) => ({ ...ref, params: { ...ref.params, [soft]: value } }))
        expectClose(run(near, distinct, labels).output, run(hard, distinct, labels).output, 1e-8)
      })
    if (softness.scales !== false) {
      test(`values and ${soft} in another unit give the same output`, () => {
        for (const unit of [2 ** -90, 2 ** 90]) {
          const scaled = {
            ...ref,
            params: { ...ref.params, [soft]: (ref.params[soft] as number) * unit ** softness.units },
          }
          const rows = random.map((row) => row.map((x) => x * unit))
          const output = run(scaled, rows, labels).output
          const back = /^(sort|quantile):/.test(ref.name) ? output.map((value) => value / unit) : output
          expectClose(back, run(ref, random, labels).output, 1e-12)
        }
      })
    }
  }
})

function reverseRows(output: Float64Array): number[] {
  let at = 0
  return lengths.flatMap((n) => {
    at += n
    return [...output.subarray(at - n, at)].reverse()
  })
}

function reverseColumns(output: Float64Array): number[] {
  let at = 0
  return lengths.flatMap((n) =>
    Array.from({ length: n }, () => {
      at += n
      return [...output.subarray(at - n, at)].reverse()
    }).flat(),
  )
}
