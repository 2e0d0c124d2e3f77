import { expect, test } from 'vitest'
import type { Judgement } from '../core/claim.ts'
import type { Entry } from '../results/view.ts'
import { unlessCut } from './cut.ts'

const cut = { param: 'steps', epoch: 100, of: 20_000 }

const curve = Array.from({ length: 9 }, (_, look) => (look === 0 ? 0 : 1 - 2 / Math.sqrt(50 * look)))

const entryOf = (steps: number, samples: readonly number[], operator = 'matrix'): Entry =>
  ({
    cell: { method: { operator }, experiment: { name: 'sequence-sorting', params: { steps, check: 50 } } },
    result: {
      status: 'measured',
      observations: [{ metric: 'curve:validation', unit: '1', better: 'higher', value: 0, samples }],
    },
  }) as unknown as Entry

const judged = (verdict: Judgement['verdict'], steps: number, metric = 'permutation-accuracy', samples = curve) =>
  unlessCut({ verdict, ours: 0.9 }, { cut }, [entryOf(steps, samples)], { metric, better: 'higher' })

test('nothing is extrapolated from few looks, errors that grow, or a curve that has no errors left', () => {
  for (const samples of [curve.slice(0, 4), [0, 0.5, 0.4, 0.3, 0.2, 0.1], [0, 1, 1, 1, 1, 1, 1]])
    expect(judged('differs', 400, 'permutation-accuracy', samples).why).toBe('cut at epoch 4 of 200')
})
test('falling short of a number in a training that was cut says nothing, and it is told where it was cut and where it went', () => {
  for (const verdict of ['differs', 'lower', 'inconclusive'] as const) {
    const found = judged(verdict, 400)
    expect(found).toMatchObject({ verdict: 'inconclusive', ours: 0.9 })
    expect(found.why).toBe(
      'cut at epoch 4 of 200; a power law through its validation curve would be at 0.986 in the end, which is no evidence',
    )
  }
  expect(judged('differs', 400, 'element-accuracy').why).toBe('cut at epoch 4 of 200')
})
test('reaching it early is evidence', () => {
  for (const verdict of ['reproduced', 'exceeds', 'close', 'higher'] as const)
    expect(judged(verdict, 400)).toEqual({ verdict, ours: 0.9 })
})
test('of an error less is better: one that is higher falls short, one that is lower has reached it', () => {
  const error = (verdict: Judgement['verdict'], operator?: string) =>
    unlessCut({ verdict, ours: 9 }, { cut }, [entryOf(400, curve, operator)], { metric: 'mse', better: 'lower' })
  expect(error('higher')).toEqual({ verdict: 'inconclusive', ours: 9, why: 'cut at epoch 4 of 200' })
  expect(error('lower')).toEqual({ verdict: 'lower', ours: 9 })
  // What is not trained cannot have been cut.
  expect(error('higher', 'ranker')).toEqual({ verdict: 'higher', ours: 9 })
})
test('a training that was not cut is judged as every other', () => {
  expect(judged('differs', 20_000)).toEqual({ verdict: 'differs', ours: 0.9 })
})
