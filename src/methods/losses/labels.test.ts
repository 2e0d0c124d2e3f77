import { describe, expect, test } from 'vitest'
import { apply } from '../../api/apply.ts'
import { rankingLoss } from '../../api/convenience.ts'
import { plan } from '../../api/plan.ts'
import { regularShape } from '../../core/shape.ts'
import { operators } from '../registry.ts'

const all = [...operators.keys()].filter((name) => name.startsWith('loss:')).map((name) => name.slice(5))
const byGain = ['lambdarank', 'lambdaloss', 'approx-ndcg', 'neural-ndcg', 'pirank', 'soft-ndcg', 'smoothi-ndcg']
const engines = ['fast', 'reference'] as const

const scores = [0.4, -1.2, 0.9, 2.1, -0.3]
const padded = [1, -1, 3, 0, -1]
const mask = padded.map((label) => label !== -1)

test('there are 22 losses', () => expect(all).toHaveLength(22))

describe.each(all)('labels of %s', (loss) => {
  test('below 0 are refused, by row and index, with what to do', () => {
    for (const engine of engines) {
      const refused = () => apply(`loss:${loss}`, [[1], scores], { labels: [[0], padded], engine })
      expect(refused).toThrow('labels: row 1, index 1 is -1; expected a finite grade >= 0')
    }
  })
  test.each(engines)('that are ignored work as a mask, %s', (engine) => {
    const options = { cotangent: 1, tangent: [1, 2, -1, 0.5, 3], engine } as const
    const ignored = apply(`loss:${loss}[ignore=-1]`, scores, { ...options, labels: padded })
    const masked = apply(`loss:${loss}`, scores, { ...options, labels: padded.map((y) => Math.max(0, y)), mask })
    expect(ignored).toEqual(masked)
    expect([1, 4].map((i) => (ignored.gradient as number[])[i])).toEqual([0, 0])
    const none = apply(`loss:${loss}[ignore=-1,reduction=none]`, [scores, [1, 2]], {
      labels: [padded, [-1, -1]],
      engine,
    })
    expect((none.output as number[])[0]).toBeCloseTo(masked.output as number, 12)
    expect((none.output as number[])[1]).toBeCloseTo(0, 12)
  })
})

test('a plan follows the labels it is given, from list to list', () => {
  const ignoring = plan('loss:ranknet[ignore=-1]', regularShape(1, 3), { precision: 'f64' })
  const lossOf = (labels: number[]) => {
    ignoring.values.set([0.5, 2, 1])
    ignoring.labels!.set(labels)
    ignoring.forward()
    return ignoring.output[0]
  }
  expect(lossOf([1, -1, 0])).toBeCloseTo(Math.log(1 + Math.exp(0.5)), 14)
  expect(lossOf([-1, 1, 0])).toBeCloseTo(Math.log(1 + Math.exp(-1)), 14)
  expect(lossOf([-1, -1, -1])).toBe(0)
  ignoring.dispose()
  expect(() => plan('loss:ranknet[ignore=pad]', regularShape(1, 3))).toThrow(/ignore is "pad"/)
})

test('losses that only compare labels take those below 0 when told that they are meant', () => {
  const withFlag = all.filter((loss) => 'negative-labels' in operators.get(`loss:${loss}`)!.params)
  expect(withFlag).toHaveLength(10)
  for (const loss of withFlag) {
    for (const engine of engines) {
      const { output } = apply(`loss:${loss}[negative-labels=true]`, scores, { labels: padded, engine })
      expect(Number.isFinite(output)).toBe(true)
    }
  }
  // Ranks of targets are those of the targets moved above 0.
  const spearman = (labels: number[], flag: boolean) =>
    rankingLoss('spearman', scores, labels, { 'negative-labels': flag, rank: 'permutahedron' })
  expect(spearman([-2, 0.5, 1, -1, 0], true)).toBeCloseTo(spearman([0, 2.5, 3, 1, 2], false), 12)
})

describe('a label above 0 is relevant, however small', () => {
  // With one relevant item G is its discount's inverse, whatever it is worth.
  test.each([...byGain, 'approx-mrr', 'smoothi-precision', 'topk-cross-entropy'])('%s', (loss) => {
    for (const engine of engines) {
      for (const precision of ['f32', 'f64'] as const) {
        const at = (label: number) =>
          apply(`loss:${loss}`, scores, { labels: [0, 0, label, 0, 0], engine, precision }).output as number
        for (const label of [1e-17, 1e-30, 0.3]) expect(at(label) / at(1)).toBeCloseTo(1, 6)
      }
    }
  })
  // (2^y - 1) of y and 2 y is in the ratio 1 : 2 up to y ln 2 / 2, here 3e-14.
  test('tiny labels keep the digits of their gains', () => {
    for (const engine of engines) {
      const ratios = [1e-13, 1e-16].map((y) => {
        const lossOf = (labels: number[]) => apply('loss:approx-ndcg', [3, 1, 2], { labels, engine }).output as number
        return lossOf([y, 2 * y, 0]) / lossOf([1e-9, 2e-9, 0])
      })
      for (const ratio of ratios) expect(ratio).toBeCloseTo(1, 8)
    }
  })
})

describe.each(byGain)('gains of %s', (loss) => {
  const labels = [1, 0, 3, 2, 0]
  const lossAt = (params: string, grades = labels, engine: 'fast' | 'reference' = 'fast') =>
    apply(`loss:${loss}[${params}]`, scores, { labels: grades, engine }).output as number
  const usual = lossAt('gain=exp2')
  test('exp2 is the table 0, 1, 3, 7, and linear 0, 1, 2, 3', () => {
    expect(lossAt('gain=0x1x3x7')).toBeCloseTo(usual, 13)
    expect(lossAt('gain=linear')).toBeCloseTo(lossAt('gain=0x1x2x3'), 13)
    expect(Math.abs(lossAt('gain=linear') - usual)).toBeGreaterThan(1e-4)
  })
  test('without the ideal DCG the loss is that of DCG: times maxDCG of the textbook', () => {
    const maxDcg = 7 + 3 / Math.log2(3) + 1 / 2
    const offset = loss === 'pirank' ? 1 : 0
    expect(lossAt('normalise=false')).toBeCloseTo((usual - offset) * maxDcg, 11)
    const linear = 3 + 2 / Math.log2(3) + 1 / 2
    expect(lossAt('gain=linear,normalise=false')).toBeCloseTo((lossAt('gain=linear') - offset) * linear, 11)
  })
  test('a label that the table does not have, or a gain beyond every number, is refused', () => {
    expect(() => lossAt('gain=0x1x3')).toThrow(/label 3 has no gain/)
    expect(() => lossAt('gain=0x1x3x7', [1, 0.5, 0, 0, 0])).toThrow(/label 0.5 has no gain/)
    expect(() => lossAt('gain=exponential')).toThrow(/gain is "exponential"/)
    expect(() => lossAt('normalise=false', [1, 0, 1100, 2, 0])).toThrow(/label 1100 has a gain of 2\^1100 - 1/)
  })
})
