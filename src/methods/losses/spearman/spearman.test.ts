import { describe, expect, test } from 'vitest'
import { spearmanLoss, spearmanLossWithGradient } from '../../../api/convenience.ts'
import { plan } from '../../../api/plan.ts'
import { regularShape } from '../../../core/shape.ts'

test('the example of the torchsort README: correlation 0.8321, its gradient at the kink', () => {
  const { value, gradient } = spearmanLossWithGradient([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])
  expect(1 - value).toBeCloseTo(0.8321, 4)
  const ofCorrelation = [-0.0555, 0, 0.0555, 0.1109, -0.1109]
  gradient.forEach((g, i) => {
    expect(-g).toBeCloseTo(ofCorrelation[i], 4)
  })
})

test('with hard ranks on both sides it is one minus the rank correlation', () => {
  const options = { rank: 'permutahedron[strength=0]', target: 'hard' }
  // rho = 1 - 6 sum d^2 / (n (n^2 - 1)) with d = (1, 1, 2, 0)
  expect(spearmanLoss([3, 4, 1, 9], [2, 5, 3, 7], options)).toBeCloseTo(1 - (1 - (6 * 2) / (4 * 15)), 12)
  expect(spearmanLoss([1, 2, 3], [10, 20, 30], options)).toBeCloseTo(0, 12)
  expect(spearmanLoss([3, 2, 1], [10, 20, 30], options)).toBeCloseTo(2, 12)
})

test('hard targets have the direction of the soft ranks', () => {
  const up = spearmanLoss([0.1, 2, 1], [0, 1, 1], { target: 'hard' })
  const down = spearmanLoss([0.1, 2, 1], [0, 1, 1], { target: 'hard', rank: 'permutahedron[direction=descending]' })
  expect(down).toBeCloseTo(up, 12)
})

describe('degenerate lists', () => {
  test.each(['permutahedron', 'sigmoid', 'neuralsort', 'softsort'])(
    'constant labels give 0 and no gradient under %s',
    (rank) => {
      for (const target of ['soft', 'hard']) {
        expect(spearmanLossWithGradient([0.3, 1, 2, 7], [2, 2, 2, 2], { rank, target })).toEqual({
          value: 0,
          gradient: [0, 0, 0, 0],
        })
      }
    },
  )
  test('constant scores give 1 and no gradient', () => {
    expect(spearmanLossWithGradient([3, 3, 3], [0, 1, 2])).toEqual({ value: 1, gradient: [0, 0, 0] })
    expect(spearmanLossWithGradient([1, 2, 3], [0, 1, 2], { rank: 'sigmoid[strength=1e20]', target: 'hard' })).toEqual({
      value: 1,
      gradient: [0, 0, 0],
    })
  })
})

describe('the rank selector', () => {
  test('may be written with or without its operator', () => {
    const given = [
      [0.1, 2, 1],
      [0, 2, 1],
    ] as const
    const short = spearmanLoss(...given, { rank: 'sigmoid[strength=0.5]' })
    expect(spearmanLoss(...given, { rank: 'rank:sigmoid[strength=0.5]' })).toBe(short)
    expect(short).not.toBe(spearmanLoss(...given, { rank: 'sigmoid' }))
  })
  test('nests in a selector', () => {
    const soft = plan(
      'loss:spearman[rank=permutahedron[strength=.1,regularization=kl],target=hard]',
      regularShape(1, 3),
    )
    expect(soft.output).toHaveLength(1)
  })
  test.each(['listnet', 'permutahedron[strenght=1]', 'permutahedron[strength=1|2]', 'nosuch', '*'])(
    '%s is refused when the plan is made, even for no lists',
    (rank) => {
      expect(() => plan(`loss:spearman[rank=${rank}]`, regularShape(0, 0))).toThrow(
        expect.objectContaining({ kind: 'usage' }),
      )
    },
  )
})
