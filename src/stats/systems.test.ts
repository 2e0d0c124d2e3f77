import { describe, expect, test } from 'vitest'
import { fTail, studentizedRangeQuantile, studentTails } from './distributions.ts'
import { compareRanks } from './friedman.ts'

describe('distributions', () => {
  test("are those of the tables: Nemenyi's constants of Demsar 2006, table 5", () => {
    const constant = (k: number) => studentizedRangeQuantile(0.95, k) / Math.SQRT2
    for (const [k, value] of [
      [2, 1.96],
      [3, 2.343],
      [5, 2.728],
      [10, 3.164],
    ])
      expect(constant(k)).toBeCloseTo(value, 2)
    expect(1 - fTail(2.69, 3, 39)).toBeCloseTo(0.9406, 3)
  })
  test('keep the digits of tails however small (values of SciPy)', () => {
    for (const [t, degrees, p] of [
      [0, 3, 1],
      [1, 783, 0.31761943947275356],
      [-2, 1, 0.2951672353008665],
      [5, 4, 0.007490433881274525],
      [40, 783, 2.0175276279550084e-191],
    ]) {
      expect(Math.abs(studentTails(t, degrees) / p - 1)).toBeLessThan(1e-7)
    }
    for (const [F, between, within, p] of [
      [0, 3, 9, 1],
      [3.69, 3, 39, 0.01974409968948888],
      [50, 46, 414, 6.337285342419777e-141],
      [400, 10, 90, 5.03086494305487e-70],
    ]) {
      expect(Math.abs(fTail(F, between, within) / p - 1)).toBeLessThan(1e-7)
    }
  })
})

describe('ranks over data sets', () => {
  /** Demsar 2006, table 6: C4.5, C4.5+m, C4.5+cf, C4.5+m+cf on 14 data sets (AUC). */
  const auc = [
    [0.763, 0.768, 0.771, 0.798],
    [0.599, 0.591, 0.59, 0.569],
    [0.954, 0.971, 0.968, 0.967],
    [0.628, 0.661, 0.654, 0.657],
    [0.882, 0.888, 0.886, 0.898],
    [0.936, 0.931, 0.916, 0.931],
    [0.661, 0.668, 0.609, 0.685],
    [0.583, 0.583, 0.563, 0.625],
    [0.775, 0.838, 0.866, 0.875],
    [1, 1, 1, 1],
    [0.94, 0.962, 0.965, 0.962],
    [0.619, 0.666, 0.614, 0.669],
    [0.972, 0.981, 0.9751, 0.975],
    [0.957, 0.978, 0.946, 0.97],
  ]
  test('are those of the paper: mean ranks, significance, critical difference', () => {
    const { meanRanks, p, criticalDifference, blocks } = compareRanks(auc)
    expect(meanRanks.map((rank) => Number(rank.toFixed(3)))).toEqual([3.143, 2, 2.893, 1.964])
    expect(blocks).toBe(14)
    // Friedman 9.28, Iman and Davenport 3.69 on (3, 39) degrees of freedom.
    expect(p).toBeCloseTo(fTail(3.69, 3, 39), 3)
    expect(criticalDifference).toBeCloseTo(1.25, 2)
  })
})
