import { describe, expect, test } from 'vitest'
import type { Operator } from '../core/operators.ts'
import { randomStream } from '../core/random.ts'
import { regularShape } from '../core/shape.ts'
import { healthOf, stateOf } from '../probe/health.ts'
import { apply } from './apply.ts'
import { softRank } from './convenience.ts'
import { plan } from './plan.ts'
import { safeRanges } from './safe-ranges.ts'
import { suggestStrength } from './suggest-strength.ts'
import type { OperatorWarning } from './warnings.ts'

const n = 100
const values = (scale: number): number[] => {
  const random = randomStream(4, 'warnings')
  return Array.from({ length: n }, () => scale * random.normal())
}
const cotangent = values(1)

function warningsFor(selector: string, x: number[], precision: 'f32' | 'f64' = 'f64'): OperatorWarning[] {
  const warnings: OperatorWarning[] = []
  apply(selector, x, {
    cotangent: cotangent.slice(0, x.length),
    precision,
    onWarning: (warning) => warnings.push(warning),
  })
  return warnings
}
const codes = (warnings: readonly OperatorWarning[]) => warnings.map(({ code }) => code)

describe('warnings', () => {
  test('are silent at a safe softness and at the hard operator', () => {
    expect(warningsFor('rank:sigmoid[strength=0.1]', values(1))).toEqual([])
    expect(warningsFor('rank:sigmoid[strength=0]', values(1))).toEqual([])
    expect(warningsFor('rank:hard', values(1))).toEqual([])
  })
  test('say how far the softness is out, and which one would do', () => {
    const [low] = warningsFor('rank:sigmoid[strength=1e-6]', values(1))
    expect(low.code).toBe('softness too low')
    expect(low.value).toBeGreaterThan(100)
    expect(low.suggestion).toMatch(/^try strength=0\.\d+$/)
    expect(codes(warningsFor('rank:sigmoid[strength=1e4]', values(1)))).toContain('softness too high')
    expect(codes(warningsFor('sort:network[steepness=1e-3]', values(1)))).toContain('softness too high')
  })
  test('follow the unit of the values', () => {
    expect(warningsFor('rank:sigmoid[strength=100]', values(1000))).toEqual([])
    expect(codes(warningsFor('rank:sigmoid[strength=100]', values(1)))).toContain('softness too high')
  })
  test('name pooled and saturated items, and values that f32 cannot tell apart', () => {
    expect(codes(warningsFor('rank:permutahedron[strength=1e-9]', values(1)))).toContain('saturated')
    expect(codes(warningsFor('sort:permutahedron[strength=1e12]', values(1)))).toContain('pooled')
    const offset = values(1).map((x) => Math.fround(1e6 + x))
    expect(codes(warningsFor('rank:sigmoid', offset, 'f32'))).toContain('precision')
    expect(codes(warningsFor('rank:sigmoid', offset))).not.toContain('precision')
  })
  test('reach the convenience functions, and no kernel: without a listener nothing is looked at', () => {
    const heard: OperatorWarning[] = []
    softRank(values(1), { method: 'sigmoid', strength: 1e-7, onWarning: (warning) => heard.push(warning) })
    expect(codes(heard)).toContain('softness too low')
  })
})

describe('a suggested softness', () => {
  const names = Object.keys(safeRanges)
  test.each(names)('of %s is healthy whatever the scale of the values', (name) => {
    const selector = name.startsWith('topk:') ? `${name}[k=${n / 4}]` : name
    for (const scale of [1e-3, 1, 50]) {
      const x = values(scale)
      const suggested = suggestStrength(selector, x)
      const soft = plan(suggested.selector, regularShape(1, n), { precision: 'f64' })
      const random = randomStream(9, 'cotangent')
      soft.values.set(x)
      soft.cotangent.set(Float64Array.from(soft.cotangent, () => random.normal()))
      soft.forward()
      soft.backward()
      const operator = name.slice(0, name.indexOf(':')) as Operator
      expect(stateOf(healthOf({ ...soft, operator, shape: regularShape(1, n) }))).toBe('healthy')
    }
  })
  test('is refused where none is known, and for values that do not differ', () => {
    expect(() => suggestStrength('rank:hard', values(1))).toThrow(/no safe softness is known/)
    expect(() => suggestStrength('rank:sigmoid', [2, 2, 2])).toThrow(/all values of a row are equal/)
  })
})
