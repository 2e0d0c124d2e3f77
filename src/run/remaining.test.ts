import { describe, expect, test } from 'vitest'
import { profiles } from '../core/protocol.ts'
import type { RunCell, Visit } from '../core/result.ts'
import { remaining } from './remaining.ts'

const planned = (key: string, seed: number, timed: boolean, system = 'rank-bench'): RunCell =>
  ({
    key,
    timed,
    cell: { experiment: { name: 'e' }, method: { name: 'm' }, dataset: { name: 'd' }, split: '', seed, system },
  }) as unknown as RunCell

const run = {
  cells: [planned('u', 1, false), planned('ours', 2, true), planned('theirs', 2, true, 'peer')],
  protocol: { ...profiles.quick, rounds: 2 },
  seed: 1,
}

const made = (key: string, round: number, machine: string, status = 'measured'): Visit =>
  ({ key, round, machine, startedAt: '', elapsedMs: 0, outcome: { status } }) as unknown as Visit

const group = (machine: string) => ['ours', 'theirs'].flatMap((key) => [0, 1].map((round) => made(key, round, machine)))

const left = (visits: readonly Visit[], here = 'b') =>
  remaining(run, visits, here)
    .map(({ key, round }) => `${key}/${round}`)
    .sort()

describe('what is left, where several machines take part', () => {
  test('an untimed cell is finished wherever it was', () => {
    expect(left([made('u', 0, 'a')])).not.toContain('u/0')
  })
  test('a timed group is finished where one machine measured all of it', () => {
    expect(left([made('u', 0, 'a'), ...group('a')])).toEqual([])
  })
  test('a timed group that another machine has begun is measured whole on this one', () => {
    expect(left([made('u', 0, 'a'), ...group('a').slice(0, 3)])).toEqual(['ours/0', 'ours/1', 'theirs/0', 'theirs/1'])
  })
  test('what this machine has begun it goes on with, and what failed is tried again', () => {
    const begun = [...group('b').slice(0, 3), made('theirs', 1, 'b', 'failed')]
    expect(left([made('u', 0, 'a'), ...begun])).toEqual(['theirs/1'])
  })
})
