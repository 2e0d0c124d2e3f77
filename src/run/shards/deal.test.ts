import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupOf } from '../../core/cell.ts'
import type { RunCell } from '../../core/result.ts'
import { deal } from './deal.ts'

const planned = (key: string, { system = 'rank-bench', dataset = 'd', dataDigest = '', seed = 1 } = {}): RunCell =>
  ({
    key,
    timed: false,
    cell: {
      experiment: { name: 'e' },
      method: { name: 'm' },
      dataset: { name: dataset },
      split: '',
      seed,
      system,
      dataDigest,
    },
  }) as unknown as RunCell

/** Plans in which some cells share a group, with a cost each. */
const plans = fc
  .array(
    fc.record({
      seed: fc.nat(30),
      system: fc.constantFrom('a', 'b', 'c'),
      cost: fc.double({ min: 0, max: 1e6, noNaN: true }),
    }),
    {
      maxLength: 80,
    },
  )
  .map((rows) => rows.map(({ seed, system, cost }, i) => ({ cell: planned(`k${i}`, { seed, system }), cost })))
const counts = fc.integer({ min: 1, max: 20 })

const dealt = (rows: readonly { cell: RunCell; cost: number }[], count: number) => {
  const costs = new Map(rows.map(({ cell, cost }) => [cell.key, cost]))
  return deal(
    rows.map(({ cell }) => cell),
    count,
    ({ key }) => costs.get(key)!,
  )
}

describe('dealing out a plan', () => {
  test('gives every cell to one shard, in the order of the plan', () => {
    fc.assert(
      fc.property(plans, counts, (rows, count) => {
        const shards = dealt(rows, count)
        expect(shards).toHaveLength(count)
        expect(
          shards
            .flat()
            .map(({ key }) => key)
            .sort(),
        ).toEqual(rows.map(({ cell }) => cell.key).sort())
        const at = new Map(rows.map(({ cell }, i) => [cell.key, i]))
        for (const shard of shards) {
          const places = shard.map(({ key }) => at.get(key)!)
          expect(places).toEqual([...places].sort((a, b) => a - b))
        }
      }),
    )
  })
  test('keeps together what is measured side by side', () => {
    fc.assert(
      fc.property(plans, counts, (rows, count) => {
        const owner = new Map<string, number>()
        dealt(rows, count).forEach((shard, i) => {
          for (const { cell } of shard) {
            expect(owner.get(groupOf(cell)) ?? i).toBe(i)
            owner.set(groupOf(cell), i)
          }
        })
      }),
    )
  })
  test('does not depend on the order of the plan, so that configs that say the same deal alike', () => {
    fc.assert(
      fc.property(plans, counts, (rows, count) => {
        const keys = (shards: RunCell[][]) => shards.map((shard) => shard.map(({ key }) => key).sort())
        // Cells of one group in the order of the plan; groups in any.
        const turned = [...rows].sort((a, b) => b.cell.cell.seed - a.cell.cell.seed)
        expect(keys(dealt(turned, count))).toEqual(keys(dealt(rows, count)))
      }),
    )
  })
  test('leaves no shard with more than the mean and one group above it', () => {
    fc.assert(
      fc.property(plans, counts, (rows, count) => {
        const cost = new Map(rows.map((row) => [row.cell.key, Math.max(1, Math.round(row.cost))]))
        const load = (cells: readonly RunCell[]) => cells.reduce((sum, { key }) => sum + cost.get(key)!, 0)
        const groups = new Map<string, RunCell[]>()
        for (const { cell } of rows) groups.set(groupOf(cell.cell), [...(groups.get(groupOf(cell.cell)) ?? []), cell])
        const largest = Math.max(0, ...[...groups.values()].map(load))
        const loads = dealt(rows, count).map(load)
        expect(Math.max(...loads)).toBeLessThanOrEqual(load(rows.map(({ cell }) => cell)) / count + largest)
      }),
    )
  })
  test('counts data that is nowhere as nothing, and a peer that is missing on this machine as it would be elsewhere', () => {
    const absent = planned('absent', { dataset: 'x', dataDigest: 'absent' })
    const [one, two] = [planned('one', { seed: 1 }), planned('two', { seed: 2 })]
    const skipped = { ...two, skip: { reason: 'peer not installed' as const, detail: '' } }
    const sizes = (cells: RunCell[]) => deal(cells, 2, () => 100).map((shard) => shard.map(({ key }) => key))
    expect(sizes([absent, one, two])).toEqual(sizes([absent, one, skipped]))
    expect(sizes([absent, one, two]).map((keys) => keys.filter((key) => key !== 'absent').length)).toEqual([1, 1])
  })
})
