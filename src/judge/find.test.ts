import { describe, expect, test } from 'vitest'
import { fakeEntry, fakeRun, measured } from '../../test/fakes.ts'
import type { Claim } from '../config/claims.ts'
import { paperKeys } from '../config/load.ts'
import type { FamilyConfig, PaperConfig } from '../config/schema.ts'
import type { Cell } from '../core/cell.ts'
import type { Observation } from '../core/result.ts'
import { resolveOne } from '../core/selector.ts'
import { datasets, experiments } from '../registry.ts'
import type { Entry, RunData } from '../results/view.ts'
import { judgeFamily } from './family.ts'
import { judgePaper, numbersOf } from './find.ts'
import { requireConvention, splitOf, targetOf, unitFactor } from './target.ts'

const runOf = (entries: readonly Entry[]): RunData => fakeRun(entries)
const nothing = runOf([])

describe('a claim is compared under the convention it was printed under', () => {
  const claim = { id: 'p#1', metric: 'NDCG (LETOR)' }
  test('and refused under another', () => {
    expect(() => requireConvention(claim, 'ndcg@10:trec')).toThrow(
      'claim p#1 is NDCG (LETOR), and its rule compares it with ndcg@10:trec; expected convention letor3 or letor4',
    )
    expect(() => requireConvention({ ...claim, metric: 'NDCG (allRank: x)' }, 'ndcg@10:letor4')).toThrow('allrank')
  })
  test('which its metric must name', () => {
    expect(() => requireConvention(claim, 'ndcg@10')).toThrow('has no convention')
  })
  test('and passes under its own', () => {
    expect(() => requireConvention(claim, 'ndcg@10:letor3')).not.toThrow()
    expect(() => requireConvention({ id: 'p#2', metric: 'P' }, 'p@3:letor4')).not.toThrow()
  })
})

test('a row says its fold, or is a mean', () => {
  expect(splitOf({ split: 'Fold3 test' }, {})).toBe('fold3')
  expect(splitOf({ split: 'test, mean of 5 folds' }, {})).toBe('mean')
  expect(splitOf({ split: 'all 784 queries' }, { splits: { 'all 784 queries': 'all' } })).toBe('all')
})

test('ours is brought to the unit that was printed', () => {
  expect(unitFactor('us (read off a plot, approximate)', 'ns')).toBe(1e-3)
  expect(unitFactor('percent', '1')).toBe(100)
  expect(unitFactor('fraction', '1')).toBe(1)
})

const ours = { experiment: 'letor[scorer=linear]', method: 'loss:listnet', dataset: 'letor:ohsumed' }
const target = targetOf(ours)
const folds = ['fold1', 'fold2', 'fold3', 'fold4', 'fold5']
const metric = 'map:letor3'

function entry(change: Partial<Cell>, value: number, better: Observation['better'] = 'higher'): Entry {
  const cell = {
    ...target,
    version: 5,
    dataDigest: '',
    split: 'fold1',
    seed: 1,
    precision: 'f64',
    protocol: '',
    ...change,
  } as Cell
  const observations: Observation[] = [{ metric, unit: '1', better, value, samples: [value - 0.1, value, value + 0.1] }]
  return fakeEntry(cell, measured(observations))
}

const claim = (change: Partial<Claim>): Claim => ({
  id: 'p#1',
  paper: 'a paper',
  table: '',
  experiment: '',
  dataset: 'OHSUMED',
  method: 'ListNet',
  metric: 'MAP',
  at: '',
  split: 'mean of 5 folds',
  value: 0.45,
  decimals: 4,
  unit: 'fraction',
  verified: 'seen',
  source: '',
  ...change,
})
const family: FamilyConfig = { when: {}, ours, metrics: { MAP: metric } }
const config = { families: [family] } as unknown as PaperConfig
const judge = (claims: readonly Claim[], entries: readonly Entry[], change: Partial<FamilyConfig> = {}) =>
  judgeFamily(
    { key: 'p', config, margin: { share: 0.02, because: '' }, run: runOf(entries) },
    { ...family, ...change },
    claims,
  )!

const published = [0.4, 0.42, 0.44, 0.46, 0.48]
const foldClaims = published.map((value, i) => claim({ id: `p#${i + 2}`, split: `Fold${i + 1} test`, value }))
const claims = [claim({ value: 0.44 }), ...foldClaims]
const noise = [0.001, -0.001, 0, 0.001, -0.001]
const cells = folds.map((split, i) => entry({ split }, published[i] + noise[i]))

describe('a family', () => {
  test('has the verdict of its primary mean, by folds where they are printed', () => {
    const found = judge(claims, cells)
    expect(found.primary?.judgement).toMatchObject({ verdict: 'reproduced', evidence: 'fold', pairs: 5 })
    expect(found.primary?.command).toBe("rank-bench reproduce --paper p --claim 'p#1'")
  })
  test('does not shift its folds when one is missing: the fold is not run, and neither is the mean', () => {
    const without = cells.filter(({ cell }) => cell.split !== 'fold2')
    const found = judge(claims, without)
    const byId = new Map(found.numbers.map(({ claim: { id }, judgement }) => [id, judgement]))
    expect(byId.get('p#1')).toMatchObject({ verdict: 'not run', why: 'fold2 not measured' })
    expect(byId.get('p#3')?.verdict).toBe('not run')
    expect(byId.get('p#4')?.ours).toBe(0.44)
  })
  test('knows all folds of the data set, also when the run planned three', () => {
    const found = judge([claim({})], cells.slice(0, 3))
    expect(found.primary?.judgement).toMatchObject({ verdict: 'not run', why: 'fold4, fold5 not measured' })
  })
  test('is found in a run that was stored before its method had another parameter', () => {
    const older = cells.map((each) => ({
      ...each,
      cell: { ...each.cell, method: { ...each.cell.method, params: {} } },
    }))
    expect(judge(claims, older).primary?.judgement.verdict).toBe('reproduced')
  })
  test('says how many other rankers get the same verdict, and does not count another name of ours', () => {
    const experiment = resolveOne(
      'baseline',
      new Map([...experiments].map(([name, each]) => [name, each.params])),
      'experiment',
    )
    const rival = (name: string, shift: number) =>
      folds.map((split, i) =>
        entry(
          { experiment, split, method: { name: `ranker:${name}`, operator: 'ranker', method: name, params: {} } },
          published[i] + noise[i] + shift,
        ),
      )
    const found = judge(claims, [...cells, ...rival('twin', 0), ...rival('near', 0.0001), ...rival('far', 0.1)])
    expect(found.primary?.specificity).toEqual({ same: 1, lossless: 1, others: 2, named: ['ranker:near'] })
    // A ranker that no loss has trained is as near: the number does not tell the method.
    expect(found.primary?.judgement).toMatchObject({
      verdict: 'inconclusive',
      why: 'within the margin, and so is ranker:near, which no loss has trained',
    })
  })
  test('of what no loss has trained has no noise, unless its seed draws what is tested: one seed is then no evidence', () => {
    const constantOn = (experiment: string, dataset: string, splits: readonly string[]) => {
      const ours = { experiment, method: 'ranker:constant', dataset }
      const entries = splits.map((split) => entry({ ...targetOf(ours), split }, 0.5))
      const split = splits.length > 1 ? 'mean of 5 folds' : 'test'
      return judge([claim({ method: 'constant', value: 0.4, split })], entries, { ours }).primary?.judgement
    }
    expect(constantOn('baseline', 'letor:ohsumed', folds)).toMatchObject({ verdict: 'higher', pairs: 1 })
    const drawn = constantOn('median-regression', 'sequences[n=5]', [''])
    expect(drawn).toMatchObject({ verdict: 'inconclusive' })
    expect(drawn?.why).toContain('one training seed')
  })
  test('whose source is not valid is shown and not counted', () => {
    const found = judge(claims, cells, { valid: false, because: 'one network for every fold' })
    expect(found.invalid).toBe('one network for every fold')
    expect(new Set(found.numbers.map(({ judgement }) => judgement.verdict))).toEqual(new Set(['not valid']))
    expect(found.primary?.judgement.ours).toBeCloseTo(0.44, 12)
  })
  test('does not judge what was recalled, or read off a plot', () => {
    expect(judge([claim({ verified: 'memory' })], cells).primary?.judgement.verdict).toBe('recalled')
    expect(judge([claim({ unit: 'us (read off a plot)' })], cells).primary?.judgement.verdict).toBe('read off a plot')
  })
  test.each([
    ['higher', 'exceeds'],
    ['lower', 'differs'],
    ['neither', 'differs'],
  ] as const)('of a measure whose good side is %s, with a larger value, %s', (better, verdict) => {
    const more = folds.map((split, i) => entry({ split }, published[i] + noise[i] + 0.1, better))
    expect(judge(claims, more).primary?.judgement.verdict).toBe(verdict)
    expect(judge(claims, more, { exact: { because: 'test' } }).primary?.judgement.verdict).toBe(verdict)
  })
})

test.each(paperKeys())('every number of %s that ships finds its family or stands as a reference', (key) => {
  const paper = judgePaper(key, nothing)
  expect(numbersOf(paper).length).toBeGreaterThan(0)
  for (const { judgement } of numbersOf(paper))
    expect(['not run', 'recalled', 'reference', 'not valid', 'read off a plot']).toContain(judgement.verdict)
})

test('every family that ships names an experiment, a method and a data set that exist', () => {
  for (const key of paperKeys()) {
    for (const { ref } of numbersOf(judgePaper(key, nothing)))
      if (ref.dataset) expect(datasets.has(ref.dataset)).toBe(true)
  }
})
