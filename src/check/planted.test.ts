import { describe, expect, test } from 'vitest'
import type { OperatorSpec } from '../core/method.ts'
import { itemOperator, type MakeRow } from '../methods/kit/row-plan.ts'
import { operators } from '../methods/registry.ts'
import { brokenLaws, certify } from './certificate.ts'
import type { Verdict } from './law.ts'

/** Sum-of-steps ranks, right in every respect, with one part exchanged for a faulty one. */
const soundRow: MakeRow = ({ x, y, yBar, xBar }) => {
  const n = x.length
  const step = (v: number) => 0.5 + Math.atan(v) / Math.PI
  const slope = (i: number, j: number) => 1 / (Math.PI * (1 + (x[i] - x[j]) ** 2))
  return {
    forward() {
      for (let i = 0; i < n; i++) {
        y[i] = 1
        for (let j = 0; j < n; j++) if (j !== i) y[i] += step(x[i] - x[j])
      }
    },
    backward() {
      xBar.fill(0)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) xBar[i] += slope(i, j) * (yBar[i] - yBar[j])
    },
    push(xDot, yDot) {
      yDot.fill(0)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) yDot[i] += slope(i, j) * (xDot[i] - xDot[j])
    },
  }
}

const operatorOf = (make: MakeRow): OperatorSpec =>
  itemOperator(
    {
      params: {},
      growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
      gradient: 'exact',
      promises: { sum: 'ranks', ordered: true, monotone: true, shift: 'stays' },
    },
    make,
  )

function brokenOf(make: MakeRow): Extract<Verdict, { status: 'broken' }>[] {
  const certificate = certify('rank:planted', operatorOf(make), 'f64', { seed: 1, rows: 100 }, (name) =>
    operators.get(name),
  )
  return brokenLaws(certificate)
}

const lawsBrokenBy = (make: MakeRow): string[] => brokenOf(make).map(({ law }) => law)

describe('check', () => {
  test('passes an operator that is right', () => {
    expect(brokenOf(soundRow)).toEqual([])
  })
  test('catches a gradient that is off by one per cent in one item', () => {
    const faulty: MakeRow = (row, params) => {
      const kernel = soundRow(row, params)
      const backward = () => {
        kernel.backward()
        if (row.xBar.length > 1) row.xBar[1] *= 1.01
      }
      return { ...kernel, backward }
    }
    expect(lawsBrokenBy(faulty)).toEqual(expect.arrayContaining(['vjp = finite differences', 'vjp = jvp transposed']))
  })
  test('catches the same wrong factor in backward and forward mode by differences alone', () => {
    const faulty: MakeRow = (row, params) => {
      const kernel = soundRow(row, params)
      return {
        forward: kernel.forward,
        backward() {
          kernel.backward()
          for (let i = 0; i < row.xBar.length; i++) row.xBar[i] *= 1.001
        },
        push(xDot, yDot) {
          kernel.push!(xDot, yDot)
          for (let i = 0; i < yDot.length; i++) yDot[i] *= 1.001
        },
      }
    }
    expect(lawsBrokenBy(faulty)).toEqual(['vjp = finite differences'])
  })
  test('catches a backward that writes into its input', () => {
    const faulty: MakeRow = (row, params) => {
      const kernel = soundRow(row, params)
      const backward = () => {
        kernel.backward()
        if (row.x.length > 0) row.x[0] += 0.5
      }
      return { ...kernel, backward }
    }
    expect(lawsBrokenBy(faulty)).toContain('inputs kept')
  })
  test('catches ranks that break ties by position', () => {
    const faulty: MakeRow = (row, params) => ({
      ...soundRow(row, params),
      forward() {
        const { x, y } = row
        for (let i = 0; i < x.length; i++) {
          y[i] = 1
          for (let j = 0; j < x.length; j++) if (x[j] < x[i] || (x[j] === x[i] && j < i)) y[i]++
        }
      },
    })
    expect(lawsBrokenBy(faulty)).toContain('ties')
  })
  test('catches a row that reads its neighbour, a pass that forgets, and a buffer in the loop', () => {
    const leaking: MakeRow = (row, params) => {
      const kernel = soundRow(row, params)
      const whole = new Float64Array(row.x.buffer)
      const forward = () => {
        kernel.forward()
        for (let i = 0; i < row.y.length; i++) row.y[i] += 1e-12 * whole[0]
      }
      return { ...kernel, forward }
    }
    expect(lawsBrokenBy(leaking)).toContain('rows alone')
    let calls = 0
    const forgetful: MakeRow = (row, params) => {
      const kernel = soundRow(row, params)
      const forward = () => {
        kernel.forward()
        if (row.y.length > 0) row.y[0] += 1e-9 * calls++
      }
      return { ...kernel, forward }
    }
    expect(lawsBrokenBy(forgetful)).toContain('repeatable')
    const wasteful: MakeRow = (row, params) => {
      const kernel = soundRow(row, params)
      const forward = () => {
        kernel.forward()
        row.y.set(new Float64Array(row.y))
      }
      return { ...kernel, forward }
    }
    expect(lawsBrokenBy(wasteful)).toContain('no buffers')
  })
  test('names the row that breaks a law, so that it can be tried by hand', () => {
    const faulty: MakeRow = (row, params) => ({ ...soundRow(row, params), backward: () => void row.xBar.fill(0) })
    expect(brokenOf(faulty)[0].counterexample).toMatch(/^rank:planted in f64, \w+ row \[.*\]: the slope is/)
  })
})
