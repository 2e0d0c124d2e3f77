import { describe, expect, test } from 'vitest'
import { plan } from '../../api/plan.ts'
import { type Precision, regularShape } from '../../core/shape.ts'

const families = ['softsort[power=1', 'softsort[power=2', 'neuralsort[samples=0']

/** Numbers in (0, 1), the same on every machine. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
}

function passes(family: string, tau: number, values: Float32Array, cotangent: Float32Array, precision: Precision) {
  const made = plan(`matrix:${family},tau=${tau}]`, regularShape(1, values.length), { precision, engine: 'fast' })
  made.values.set(values)
  made.forward()
  made.cotangent.set(cotangent)
  made.backward()
  const found = { entries: Float64Array.from(made.output), gradient: Float64Array.from(made.gradient) }
  made.dispose()
  return found
}

const rows = {
  normal: (u) => u() + u() + u() - u() - u() - u(),
  'far from 0': (u) => 1e6 + 8 * u(),
  tied: (u) => Math.floor(4 * u()),
  'with outliers': (u) => (u() < 0.1 ? 1e4 : 1) * (u() - 0.5),
  'of 1e30': (u) => 1e30 * (u() - 0.5),
  'of 1e-30': (u) => 1e-30 * (u() - 0.5),
} satisfies Record<string, (u: () => number) => number>

/** Lanes that hang over, rows of one block and of several, windows of a few columns and of all. */
const lengths = [1, 2, 3, 5, 16, 17, 34, 101, 150]

describe.each(families)('%s] in f32', (family) => {
  test.each(Object.entries(rows))('values %s: entries to one rounding, gradients to 2e-7 of the largest', (_, draw) => {
    for (const tau of [0.01, 0.1, 1, 100]) {
      for (const n of lengths) {
        const u = numbers(n)
        const values = Float32Array.from({ length: n }, () => draw(u))
        const cotangent = Float32Array.from({ length: n * n }, () => u() - 0.5)
        const [short, long] = (['f32', 'f64'] as const).map((each) => passes(family, tau, values, cotangent, each))
        // Below 1e-37 f32 has fewer digits.
        const apart = long.entries.map(
          (p, j) => Math.max(0, Math.abs(short.entries[j] - p) - 1e-44) / Math.max(p, 1e-37),
        )
        expect(Math.max(...apart)).toBeLessThan(7.5e-8)
        const largest = Math.max(...long.gradient.map(Math.abs))
        // Of terms of the size of 1 / tau, f64 itself keeps this much.
        const floor = (n * 1e-15) / tau
        const off = long.gradient.map((g, j) => Math.max(0, Math.abs(short.gradient[j] - g) - floor))
        expect(Math.max(...off)).toBeLessThanOrEqual(2e-7 * largest)
      }
    }
  })

  test('a cotangent that is the same for all pulls nothing that f64 would show', () => {
    const u = numbers(5)
    const values = Float32Array.from({ length: 33 }, u)
    const { gradient } = passes(family, 0.1, values, new Float32Array(33 * 33).fill(3), 'f32')
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-12)
  })
})

test('where NeuralSort is nearly hard, its gradient has digits however small', () => {
  const values = Float32Array.of(0.1, 0.75, 0.4)
  const cotangent = Float32Array.of(1, -0.5, 0.3, 0.7, 0.2, -1.1, 0.4, 0.9, -0.3)
  const { gradient } = passes('neuralsort[samples=0', 0.01, values, cotangent, 'f32')
  // The softmax of the definition, with the cotangent of each row relative to that of its largest entry.
  const truth = [1.0293380608445734e-11, -1.3240753332687505e-13, -1.0160973075118856e-11]
  truth.forEach((g, j) => {
    expect(gradient[j] / g).toBeCloseTo(1, 6)
  })
})

test.each(families)('where %s] is nearly hard, f32 has the gradient of f64 however small', (family) => {
  const values = Float32Array.of(0.1, 0.6, 0.35, 0.95, 1.3)
  const cotangent = Float32Array.from({ length: 25 }, (_, i) => Math.sin(3 * i))
  const [short, long] = (['f32', 'f64'] as const).map((each) => passes(family, 0.02, values, cotangent, each).gradient)
  // NeuralSort loses some in f64: see above.
  const digits = family.startsWith('neuralsort') ? 2 : 6
  short.forEach((g, j) => {
    expect(g / long[j]).toBeCloseTo(1, digits)
  })
})
