import { describe, expect, test } from 'vitest'
import type { ToleranceRule } from '../core/claim.ts'
import { judgeClaim } from './verdict.ts'

const spread: ToleranceRule = { kind: 'fold-standard-errors', factor: 2, because: 'test' }
const exact: ToleranceRule = { kind: 'absolute', value: 1e-6, because: 'test' }
const seen = (value: number) => ({ value, verified: 'seen' as const, unit: 'fraction' })
const folds = [0.4, 0.42, 0.44, 0.46, 0.48] // mean .44, standard error .01414

describe('judgeClaim', () => {
  test('calls a number inside two fold standard errors reproduced', () => {
    expect(judgeClaim(seen(0.46), folds, spread, 'higher').verdict).toBe('reproduced')
    expect(judgeClaim(seen(0.42), folds, spread, 'higher').verdict).toBe('reproduced')
  })
  test('judges both ways: ours above the paper exceeds, ours below differs', () => {
    expect(judgeClaim(seen(0.4), folds, spread, 'higher').verdict).toBe('exceeds')
    expect(judgeClaim(seen(0.48), folds, spread, 'higher').verdict).toBe('differs')
    expect(judgeClaim(seen(0.48), folds, spread, 'lower').verdict).toBe('exceeds')
  })
  test('knows no good side for a printed example', () => {
    expect(judgeClaim(seen(1.6666666), [1.6666667], exact, 'neither').verdict).toBe('reproduced')
    expect(judgeClaim(seen(1.6), [1.6666667], exact, 'neither').verdict).toBe('differs')
  })
  test('never judges a recalled number or one read off a plot', () => {
    expect(judgeClaim({ value: 9, verified: 'memory', unit: 'fraction' }, folds, spread, 'higher').verdict).toBe(
      'recalled',
    )
    expect(judgeClaim({ value: 9, verified: 'memory', unit: 'fraction' }, [], spread, 'higher').verdict).toBe(
      'recalled',
    )
    const plot = { value: 400, verified: 'seen' as const, unit: 'us (read off a plot, approximate)' }
    expect(judgeClaim(plot, [90], exact, 'lower').verdict).toBe('read off a plot')
  })
  test('says not run without a measurement, and inconclusive with too few folds for a spread', () => {
    expect(judgeClaim(seen(0.4), [], spread, 'higher').verdict).toBe('not run')
    expect(judgeClaim(seen(0.4), [0.4, 0.41], spread, 'higher').verdict).toBe('inconclusive')
  })
  test('judges the number of one fold by the deviation between folds', () => {
    const single: ToleranceRule = { kind: 'fold-deviations', factor: 1, because: 'test' } // .0316
    expect(judgeClaim(seen(0.43), folds, single, 'higher', 0)).toMatchObject({ verdict: 'reproduced', ours: 0.4 })
    expect(judgeClaim(seen(0.44), folds, single, 'higher', 0).verdict).toBe('differs')
    expect(judgeClaim(seen(0.44), folds, single, 'higher', 4).verdict).toBe('exceeds')
    expect(judgeClaim(seen(0.44), folds, single, 'higher', 5).verdict).toBe('not run')
  })
})
