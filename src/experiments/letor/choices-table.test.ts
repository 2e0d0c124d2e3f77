import { describe, expect, test } from 'vitest'
import { fakeCell, fakeEntry, fakeRun, measured } from '../../../test/fakes.ts'
import type { Observation } from '../../core/result.ts'
import type { Entry } from '../../results/view.ts'
import { choiceTables } from './choices-table.ts'

const params = {
  scorer: 'linear',
  trials: 16,
  steps: 480,
  batch: 4,
  select: 'map:letor4',
  'learning-rates': '0.01x0.1x1',
  softness: '0.1x1',
  'weight-decays': '0x1',
}

function entry(seed: number, facts: Readonly<Record<string, number>>): Entry {
  const observations = Object.entries(facts).map(
    ([metric, value]): Observation => ({ metric, unit: '1', better: 'neither', value, samples: [value] }),
  )
  return fakeEntry(fakeCell({ experiment: { name: 'letor', params }, version: 5, seed }), measured(observations))
}

const facts = (rate: number, edge: number, capped: number) => ({
  trials: 16,
  'trials-diverged': 1,
  'best-step': 100 * rate,
  'stopped-by-cap': capped,
  'learning-rate': rate,
  'softness-factor': 0.1,
  'weight-decay': 1,
  'edge:learning-rate': edge,
  'edge:softness-factor': -1,
  'edge:weight-decay': 1,
})

describe('what the validation part chose', () => {
  const entries = [
    entry(1, facts(1, 1, 0)),
    entry(2, facts(1, 1, 1)),
    entry(3, facts(0.1, 0, 0)),
    entry(4, facts(0.01, -1, 0)),
  ]
  const [table] = choiceTables(fakeRun(entries))
  test('is told with the share of cells that chose an edge, and that ended at the cap', () => {
    expect(table.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['loss:listnet', '16', '4', '0.55', '25 %', '50 %', '0.1', '100 %', '0 %', '100 %', '55', '25 %'],
    ])
    expect(table.rows[0].length).toBe(table.columns.length)
  })
  test('stands under the budget and the grid that it was chosen from', () => {
    expect(table.about.join()).toContain(
      '16 trials a cell, most 480 steps of 4 lists each; map:letor4 of the validation part',
    )
    expect(table.about.join()).toContain('rates 0.01, 0.1, 1; factors on the own softness 0.1, 1; weight decays 0, 1')
  })
  test('has no table where the cells do not say it, as in runs of before', () => {
    expect(choiceTables(fakeRun([entry(1, { epoch: 3 })]))).toEqual([])
  })
})
