import { describe, expect, test } from 'vitest'
import type { OperatorSpec } from '../core/method.ts'
import { itemOperator, type MakeRow } from '../methods/kit/row-plan.ts'
import { operators } from '../methods/registry.ts'
import { brokenLaws, certify } from './certificate.ts'
import type { LawVerdict } from './law.ts'
import { summaryTable } from './tables.ts'

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

function brokenOf(make: MakeRow): Extract<LawVerdict, { status: 'broken' }>[] {
  const certificate = certify(
    { name: 'rank:planted', spec: operatorOf(make), precision: 'f64', operators },
    { seed: 1, rows: 100 },
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
  test('catches kernels that drop a flag of an operator that a parameter names', () => {
    const loss = operators.get('loss:permutation-cross-entropy')!
    const deaf: OperatorSpec = {
      ...loss,
      fast: (shape, params, precision, execution) =>
        loss.fast!(
          shape,
          { ...params, matrix: String(params.matrix).replace('straight-through=true', 'straight-through=false') },
          precision,
          execution,
        ),
    }
    const certified = {
      name: 'loss:deaf',
      spec: deaf,
      precision: 'f64' as const,
      operators,
      execution: { engine: 'fast' as const },
    }
    const [broken] = brokenLaws(certify(certified, { seed: 1, rows: 20 }))
    expect(broken).toMatchObject({ law: 'fast = reference' })
    expect(broken.counterexample).toContain('straight-through=true')
    const at = (matrix: string) =>
      certify({ ...certified, points: [{ matrix, reduction: 'mean' }] }, { seed: 1, rows: 20 })
    expect(brokenLaws(at('softsort'))).toEqual([])
    expect(brokenLaws(at('softsort[straight-through=true]'))).toHaveLength(1)
    expect(at('softsort[straight-through=true]').points).toEqual(['loss:deaf[matrix=softsort[straight-through=true]]'])
  })
})

describe('the table of certificates', () => {
  const columnsOf = (name: string, spec: OperatorSpec) => {
    const certificate = certify({ name, spec, precision: 'f64', operators }, { seed: 1, rows: 100 })
    const table = summaryTable([{ name, spec, certificates: [certificate] }])
    return Object.fromEntries(table.columns.map(({ title }, i) => [title, table.rows[0][i].data]))
  }
  const withFactor =
    (factor: number): MakeRow =>
    (row, params) => {
      const kernel = soundRow(row, params)
      return {
        forward: kernel.forward,
        backward() {
          kernel.backward()
          for (let i = 0; i < row.xBar.length; i++) row.xBar[i] *= factor
        },
      }
    }
  test('shows how far a gradient is from its slopes, whichever laws come before', () => {
    const sound = columnsOf('rank:planted', operatorOf(soundRow))
    expect(sound).toMatchObject({ verdict: 'holds', kinks: 0 })
    const off = columnsOf('rank:planted', operatorOf(withFactor(1 + 1e-6)))
    expect(off.verdict).toBe('holds')
    expect(off['gradient error']).toBeGreaterThan(0.1)
    expect(off['gradient error']).toBeGreaterThan(4 * Number(sound['gradient error']))
    const wrong = columnsOf('rank:planted', operatorOf(withFactor(1.001)))
    expect(wrong).toMatchObject({ verdict: 'broken: vjp = finite differences', 'gradient error': 'broken' })
  })
  test('counts the kinks of the hard operators, calls only surrogates surrogate, and names the points', () => {
    const ranks = columnsOf('rank:permutahedron', operators.get('rank:permutahedron')!)
    expect(ranks.kinks).toBeGreaterThan(0)
    const surrogate = { ...operatorOf(soundRow), gradient: 'surrogate' as const }
    expect(columnsOf('rank:planted', surrogate)['gradient error']).toBe('surrogate')
    const spec = operatorOf(soundRow)
    const single = certify({ name: 'rank:planted', spec, precision: 'f32', operators }, { seed: 1, rows: 20 })
    const row = summaryTable([{ name: 'rank:planted', spec, certificates: [single] }]).rows[0]
    expect(row.map((value) => value.data)).toContain('f64 only')
    expect(row.map((value) => value.data)).toContain('defaults')
  })
})
