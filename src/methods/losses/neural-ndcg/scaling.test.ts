import { describe, expect, test } from 'vitest'
import { apply } from '../../../api/apply.ts'
import type { OperatorWarning } from '../../../api/warnings.ts'

// Fifty scalings leave 3e-4 here; 10,000 reach rounding.
const scores = [2.1, -0.4, 0.9, 0.3, -1.7, 1.2, 0.1, -0.9, 1.6, -2.2]
const labels = [0, 2, 1, 0, 3, 0, 1, 2, 0, 4]

const run = (params: string, engine: 'fast' | 'reference') => {
  const warnings: OperatorWarning[] = []
  const onWarning = (warning: OperatorWarning) => void warnings.push(warning)
  const applied = apply(`loss:neural-ndcg[${params}]`, scores, { labels, engine, cotangent: 1, onWarning })
  return { ...applied, warned: warnings.filter(({ code }) => code === 'not converged') }
}

/** -sum D_i (S g)_i with S the doubly stochastic scaling of NeuralSort, scaled until nothing changes. */
function scaledToTheEnd(tau: number): number {
  const P = (apply(`matrix:neuralsort[tau=${tau}]`, scores).output as number[][]).map((row) => [...row])
  const n = P.length
  for (let t = 0; t < 200_000; t++) {
    for (let j = 0; j < n; j++) {
      const column = P.reduce((sum, row) => sum + row[j], 0)
      for (const row of P) row[j] /= column
    }
    for (const row of P) {
      const total = row.reduce((a, b) => a + b, 0)
      for (let j = 0; j < n; j++) row[j] /= total
    }
  }
  const gain = labels.map((y) => 2 ** y - 1)
  const D = (i: number) => 1 / Math.log2(i + 2)
  const best = [...gain].sort((a, b) => b - a).reduce((sum, g, i) => sum + g * D(i), 0)
  return -P.reduce((sum, row, i) => sum + D(i) * row.reduce((dot, p, j) => dot + p * gain[j], 0), 0) / best
}

describe('NeuralNDCG', () => {
  test.each(['fast', 'reference'] as const)(
    'says how far its scaling came, and warns where it did not arrive, %s',
    (engine) => {
      const stopped = run('tau=0.5', engine)
      const [residual] = stopped.diagnostics!.residual
      expect(residual).toBeGreaterThan(1e-4)
      expect(stopped.warned).toMatchObject([{ value: residual }])
      const arrived = run('tau=20', engine)
      expect(arrived.diagnostics!.residual[0]).toBeLessThan(1e-6)
      expect(arrived.warned).toEqual([])
    },
  )
  test('arrives when it is allowed to, at the value of the doubly stochastic matrix', () => {
    const finished = run('tau=0.5,iterations=10000,tolerance=1e-12', 'fast')
    expect(finished.warned).toEqual([])
    expect(finished.output).toBeCloseTo(scaledToTheEnd(0.5), 10)
    expect(Math.abs((run('tau=0.5', 'fast').output as number) - (finished.output as number))).toBeGreaterThan(1e-6)
  })
})
