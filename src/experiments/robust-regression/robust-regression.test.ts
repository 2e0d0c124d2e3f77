import { describe, expect, test } from 'vitest'
import type { Cell } from '../../core/cell.ts'
import type { Bench } from '../../core/experiment.ts'
import { measureOf } from '../../core/measure.ts'
import { methodRef, rankerRef, type Subject } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { datasets, operators } from '../../registry.ts'
import { robustRegression } from './experiment.ts'
import { descend, huberLoss, type ResidualLoss } from './objective.ts'
import { softTrimmedLoss } from './soft-trimmed.ts'
import type { Prepared } from './table-data.ts'
import { fitTrimmed } from './trimmed.ts'

/** Huber's loss with no place where it becomes linear. */
const squaredLoss = huberLoss(Number.POSITIVE_INFINITY)

/** y = 2 x + 1 with a little noise; every third number is 30 too large. */
function line(rows: number): Prepared {
  const random = randomStream(1, 'line')
  const features = Float64Array.from({ length: rows }, random.normal)
  const observed = features.map((x, i) => 2 * x + 1 + 0.01 * random.normal() + (i % 3 === 0 ? 30 : 0))
  return { width: 1, features, observed, held: features, targets: observed, seen: observed }
}

const sort = (given: object) => {
  const spec = operators.get('sort:permutahedron')!
  return { spec, params: resolveParams(spec.params, { ...given }, 'sort:permutahedron') }
}

const residuals = Float64Array.of(0.5, -2, 0.1, 3, -1)

describe('losses of residuals', () => {
  const soft = (strength: number, direction = 'ascending') => {
    const { spec, params } = sort({ strength, direction })
    return softTrimmedLoss(spec, params, residuals.length, 2).loss
  }
  const losses: readonly (readonly [string, ResidualLoss])[] = [
    ['squared', squaredLoss],
    ['huber', huberLoss(1.3)],
    ['soft trimmed, ascending', soft(3)],
    ['soft trimmed, descending', soft(3, 'descending')],
  ]
  test.each(losses)('%s has the slope that its differences have', (_, loss) => {
    const slope = new Float64Array(residuals.length)
    loss(residuals, slope)
    const step = 1e-6
    slope.slice().forEach((own, i) => {
      const at = (moved: number) =>
        loss(
          residuals.map((r, j) => (j === i ? r + moved : r)),
          new Float64Array(residuals.length),
        )
      expect((at(step) - at(-step)) / (2 * step)).toBeCloseTo(own, 6)
    })
  })
  test('soft trimming at strength 0 leaves the largest residuals out, and at a large one is the mean of all', () => {
    const slope = new Float64Array(residuals.length)
    expect(soft(1e-6)(residuals, slope)).toBeCloseTo((0.25 + 0.01 + 1) / 2 / 3, 9)
    expect(Array.from(slope, (each) => each !== 0)).toEqual([true, false, true, false, true])
    const rows = residuals.length
    expect(Math.abs(soft(1e9)(residuals, slope) - squaredLoss(residuals, new Float64Array(rows)))).toBeLessThan(1e-6)
  })
  test('soft trimming is the same whichever way the operator sorts', () => {
    const slopes = [new Float64Array(residuals.length), new Float64Array(residuals.length)]
    expect(soft(0.7)(residuals, slopes[0])).toBeCloseTo(soft(0.7, 'descending')(residuals, slopes[1]), 12)
    slopes[0].forEach((slope, i) => {
      expect(slope).toBeCloseTo(slopes[1][i], 12)
    })
  })
})

describe('a line with a third of outliers', () => {
  const data = line(90)
  test('leads least squares astray', () => {
    const weights = new Float64Array(2)
    descend(data, squaredLoss, 0, weights)
    expect(Math.abs(weights[1] - 1)).toBeGreaterThan(5)
  })
  test('is found by trimming, hard and soft', () => {
    const hard = fitTrimmed(data, 36, 1e-8, randomStream(1, 'starts'))
    const weights = new Float64Array(2)
    for (const strength of [1e4, 100, 1, 0.01]) {
      const { spec, params } = sort({ strength })
      const { loss, dispose } = softTrimmedLoss(spec, params, 90, 36)
      descend(data, loss, 0, weights)
      dispose()
    }
    for (const found of [hard, weights]) {
      expect(Math.abs(found[0] - 2)).toBeLessThan(0.02)
      expect(Math.abs(found[1] - 1)).toBeLessThan(0.02)
    }
  })
})

describe('a cell', () => {
  const bench = {
    data: { root: undefined, seed: 1 },
    everyQuery: false,
    operator: ({ name }: { name: string }) => operators.get(name)!,
    dataset: ({ name }: { name: string }) => datasets.get(name)!,
  } as unknown as Bench
  const cellOf = (method: Subject, outliers: number): Cell => ({
    experiment: {
      name: 'robust-regression',
      params: resolveParams(robustRegression.params, { folds: 3, 'inner-folds': 2 }, 'robust-regression'),
    },
    version: 1,
    system: 'rank-bench',
    method,
    dataset: {
      name: 'synthetic-regression',
      params: resolveParams(
        datasets.get('synthetic-regression')!.params,
        { rows: 90, features: 3, noise: 0.1, outliers },
        'synthetic-regression',
      ),
    },
    dataDigest: '',
    split: '',
    seed: 1,
    precision: 'f64',
    protocol: '',
  })
  const r2 = async (method: Subject, outliers: number) => {
    const found = await robustRegression.run(cellOf(method, outliers), bench)
    for (const { metric } of found) expect(measureOf(robustRegression.measures, metric)).toBeDefined()
    return found.find(({ metric }) => metric === 'r2')!.value
  }
  const soft = methodRef({ name: 'sort:permutahedron', params: sort({}).params })
  test('without outliers every method does as well as least squares', async () => {
    const plain = await r2(rankerRef('least-squares'), 0)
    for (const method of [rankerRef('ridge'), rankerRef('huber'), soft])
      expect(Math.abs((await r2(method, 0)) - plain)).toBeLessThan(0.1)
  })
  test('with outliers trimming does better than least squares, on numbers that are clean', async () => {
    const plain = await r2(rankerRef('least-squares'), 0.3)
    expect(await r2(rankerRef('trimmed-squares'), 0.3)).toBeGreaterThan(plain)
    expect(await r2(soft, 0.3)).toBeGreaterThan(plain)
  })
})
