import { describe, expect, test } from 'vitest'
import type { OperatorSpec, Promises } from '../core/method.ts'
import { methodRef } from '../core/method-ref.ts'
import { resolveParams } from '../core/params.ts'
import { itemOperator } from '../methods/kit/row-plan.ts'
import { operators } from '../methods/registry.ts'
import { compareWithReference } from './engine-bounds.ts'
import { createSubject, type Subject } from './subject.ts'

function subjectOf(name: string, promises: Promises): Subject {
  const spec: OperatorSpec = itemOperator(
    {
      params: {},
      growth: { forward: 'n', backward: 'n', memory: 'n' },
      gradient: 'exact',
      promises,
    },
    () => ({ forward() {}, backward() {} }),
  )
  return createSubject(methodRef({ name, params: {} }), spec, 'f64', () => undefined)
}

const at = (output: readonly number[], gradient: readonly number[]) => ({
  output: Float64Array.from(output),
  gradient: Float64Array.from(gradient),
})

/** Whether a kernel may answer `off` more than the reference does, in its output or in its gradient. */
function allowed(subject: Subject, values: readonly number[], where: 'output' | 'gradient', size: number, off: number) {
  const slow = at(where === 'output' ? [size, 0] : [0, 0], where === 'gradient' ? [size, 0] : [0, 0])
  const fast = { ...slow, [where]: Float64Array.from(slow[where], (entry) => entry + off) }
  return compareWithReference(subject, { values, u: [1, 1], fast, slow }).kind === 'holds'
}

describe('a kernel that sorts beyond the values', () => {
  // LapSum: log n softnesses below tied values; a quantile of values 0 is made of numbers that large.
  const rounding = 1e-13
  test('may be off by roundings of that size where it promises it, and not otherwise', () => {
    const beyond = (n: number) => 1000 * Math.log(n)
    expect(allowed(subjectOf('quantile:planted', { beyond }), [0, 0], 'output', 0, rounding)).toBe(true)
    expect(allowed(subjectOf('quantile:planted', {}), [0, 0], 'output', 0, rounding)).toBe(false)
    expect(allowed(subjectOf('quantile:planted', { beyond }), [0, 0], 'output', 0, 1e-9)).toBe(false)
  })
  test('does, and says so: the lowest of n tied items comes out alpha log n below them', () => {
    const spec = operators.get('sort:lapsum')!
    const params = resolveParams(spec.params, { alpha: '3' }, 'sort:lapsum')
    const promises = typeof spec.promises === 'function' ? spec.promises(params) : spec.promises
    const subject = createSubject(methodRef({ name: 'sort:lapsum', params }), spec, 'f64', () => undefined)
    const sorted = subject.output({ values: [7, 7, 7, 7], labels: [] })
    expect(7 - sorted[0]).toBeCloseTo(3 * Math.log(4), 12)
    expect(promises?.beyond?.(4)).toBeCloseTo(3 * Math.log(4), 12)
  })
})

describe('a loss over an operator of small softness', () => {
  const steep = subjectOf('loss:planted', { steepness: 1e6 })
  const plain = subjectOf('loss:planted', {})
  test('has a gradient made of terms of one over it, and rounded like them', () => {
    expect(allowed(steep, [1, 2], 'gradient', 0, 1e-9)).toBe(true)
    expect(allowed(plain, [1, 2], 'gradient', 0, 1e-9)).toBe(false)
    expect(allowed(steep, [1, 2], 'gradient', 0, 1e-6)).toBe(false)
  })
  // Values over softness of 10^13: their logarithms, whose differences share the gradient out, are rounded by 1e-3.
  test('shares its gradient out by logarithms as large as values over softness', () => {
    expect(allowed(steep, [1e7, 2], 'gradient', 1e6, 1e3)).toBe(true)
    expect(allowed(plain, [1e7, 2], 'gradient', 1e6, 1e3)).toBe(false)
    expect(allowed(steep, [1, 2], 'gradient', 1e6, 1e3)).toBe(false)
    expect(allowed(steep, [1e7, 2], 'gradient', 1e6, 1e5)).toBe(false)
  })
  test('hands its steepness up: one over the softness of the operator it is made of', () => {
    const spec = operators.get('loss:topk-cross-entropy')!
    const promises = spec.promises as (params: Record<string, unknown>) => Promises
    expect(promises({ operator: 'softsort[tau=0.01]', p_k: '1' }).steepness).toBeCloseTo(100, 10)
  })
})
