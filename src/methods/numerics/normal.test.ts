import { describe, expect, test } from 'vitest'
import { normalCdf, normalDensity } from './normal.ts'

/** v, probability below -v, density; computed with 40 digits. */
const known: readonly (readonly [number, number, number])[] = [
  [0.0, 0.5, 0.3989422804014327],
  [0.01, 0.4960106436853684, 0.39892233378608216],
  [0.3, 0.3820885778110474, 0.3813878154605241],
  [1.0, 0.15865525393145705, 0.24197072451914334],
  [1.5, 0.06680720126885807, 0.12951759566589172],
  [2.5, 0.006209665325776135, 0.017528300493568537],
  [5.0, 2.866515718791939e-7, 1.4867195147342977e-6],
  [8.0, 6.220960574271784e-16, 5.052271083536892e-15],
  [20.0, 2.7536241186062337e-89, 5.520948362159764e-88],
  [37.0, 5.725571222524577e-300, 2.1200065515246056e-298],
]

const relativeError = (found: number, expected: number) => Math.abs(found - expected) / expected

/** Laplace's continued fraction of the Mills ratio, from the inside. */
function tailByContinuedFraction(v: number): number {
  let below = v
  for (let k = 2000; k > 0; k--) below = v + k / below
  return normalDensity(v) / below
}

/** 1/2 - density (v + v^3 / 3 + v^5 / 15 + ...); for small v. */
function tailBySeries(v: number): number {
  let [term, sum] = [v, 0]
  for (let k = 1; term > 0; k++) {
    sum += term
    term *= (v * v) / (2 * k + 1)
  }
  return 0.5 - normalDensity(v) * sum
}

describe('the normal distribution', () => {
  test.each(known)('at %f has the tail and density known to 40 digits', (v, tail, density) => {
    expect(relativeError(normalCdf(-v), tail)).toBeLessThan(1e-15)
    expect(relativeError(normalCdf(v), 1 - tail)).toBeLessThan(1e-15)
    expect(relativeError(normalDensity(v), density)).toBeLessThan(1e-15)
    expect(normalDensity(-v)).toBe(normalDensity(v))
  })

  test('agrees with a power series near 0 and a continued fraction further out', () => {
    for (let v = 0.01; v < 1; v += 0.01) expect(relativeError(normalCdf(-v), tailBySeries(v))).toBeLessThan(1.5e-15)
    for (let v = 1; v < 37; v += 0.07) {
      expect(relativeError(normalCdf(-v), tailByContinuedFraction(v))).toBeLessThan(1e-15)
    }
  })

  test('is 1/2 at 0, exactly', () => {
    expect([normalCdf(0), normalCdf(-0), normalCdf(1e-30)]).toEqual([0.5, 0.5, 0.5])
  })

  test('has limits 0 and 1 at any size, and never falls', () => {
    for (const v of [40, 1e30, Number.MAX_VALUE, Number.POSITIVE_INFINITY]) {
      expect([normalCdf(-v), normalCdf(v), normalDensity(v)]).toEqual([0, 1, 0])
    }
    for (let v = -39; v < 9; v += 0.01) expect(normalCdf(v + 0.01)).toBeGreaterThanOrEqual(normalCdf(v))
  })
})
