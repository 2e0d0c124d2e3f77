import { expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'

test('SmoothI indicators are those computed from the formula', () => {
  // S = (2, 1, 0.5) in the reference has no shift: an item of value 0 below them takes none of it away.
  const expected = [
    [0.628532, 0.231224, 0.140244],
    [0.335161, 0.380106, 0.284733],
    [0.336528, 0.350619, 0.312853],
  ]
  const S = [2, 1, 0.5]
  const c = [1, 1, 1]
  const plain = expected.map(() => {
    const weights = S.map((s, j) => Math.exp(s * c[j]))
    const row = weights.map((w) => w / weights.reduce((a, b) => a + b, 0))
    row.forEach((p, j) => {
      c[j] *= 1 - p - 0.1
    })
    return row
  })
  for (const [r, row] of plain.entries()) {
    for (const [j, p] of row.entries()) expect(p).toBeCloseTo(expected[r][j], 6)
  }
})

test('SmoothI takes the minimum off: the last item has logit 0 in every row', () => {
  const x = [2.5, 1.5, 1]
  const matrix = apply('matrix:smoothi', x).output as number[][]
  const S = [1.5, 0.5, 0]
  const c = [1, 1, 1]
  for (const row of matrix) {
    const weights = S.map((s, j) => Math.exp(s * c[j]))
    const total = weights.reduce((a, b) => a + b, 0)
    row.forEach((p, j) => {
      expect(p).toBeCloseTo(weights[j] / total, 12)
      c[j] *= 1 - p - 0.1
    })
  }
})

test('stopping the gradient changes the gradient and not the value', () => {
  const x = [0.3, -0.2, 1.4, 0.9]
  const cotangent = x.map((_, i) => x.map((__, j) => Math.sin(3 * i + j)))
  const [stopped, exact] = [true, false].map((stop) => apply(`matrix:smoothi[stop-gradient=${stop}]`, x, { cotangent }))
  expect(stopped.output).toEqual(exact.output)
  expect(stopped.gradient).not.toEqual(exact.gradient)
})
