import { describe, expect, test } from 'vitest'
import type { GatePlan, Side } from '../../core/gate.ts'
import { randomStream } from '../../core/random.ts'
import type { VisitOutcome } from '../../core/result.ts'
import { usualPolicy } from '../../judge/gate/policy.ts'
import { looksUpTo } from '../../judge/gate/sequential.ts'
import { playContest } from './contest.ts'
import type { GateSubject } from './series.ts'

type Contest = Parameters<typeof playContest>[0]

const plan: GatePlan = { looks: looksUpTo(24), alarm: 0.01, pass: 0.05, spending: 'obrien-fleming', confirm: 24 }
const subject = (key: string): GateSubject => ({ key, label: `cell ${key}`, names: [key] })

/** Planted times: what a side of a subject takes at a visit, and a clock that stands at so many minutes a visit. */
function planted(times: (key: string, side: Side, visit: number) => number | string, more: Partial<Contest> = {}) {
  const random = randomStream(9, 'planted')
  const visits: [key: string, side: Side][] = []
  const contest: Contest = {
    subjects: ['a', 'b'].map(subject),
    measure: async ({ key }, side): Promise<VisitOutcome> => {
      const found = times(key, side, visits.filter(([other]) => other === key).length)
      visits.push([key, side])
      if (typeof found === 'string') return { status: 'failed', error: { message: found } }
      const value = found * Math.exp(0.005 * random.normal())
      return {
        status: 'measured',
        observations: [{ metric: 'time', unit: 'ns', better: 'lower', value }],
        warnings: [],
      }
    },
    policy: usualPolicy,
    plan,
    random: randomStream(1, 'order'),
    minutes: () => visits.length / 100,
    budget: Number.POSITIVE_INFINITY,
    ...more,
  }
  return { contest, visits }
}

const unchanged = () => 100
const slowed = (key: string, side: Side) => (key === 'a' && side === 'after' ? 110 : 100)

describe('the rounds of a gate', () => {
  test('leave an unchanged pair when it is decided, long before the last round', async () => {
    const { contest, visits } = planted(unchanged)
    const { rows, rounds } = await playContest(contest)
    expect(rows.map(({ verdict }) => verdict)).toEqual(['equivalent', 'equivalent'])
    expect(rounds).toBeLessThan(16)
    expect(visits.length).toBeLessThanOrEqual(4 * rounds)
  })
  test('put both sides of a subject next to each other, in either order', async () => {
    const { contest, visits } = planted(unchanged)
    await playContest(contest)
    const pairs = Array.from({ length: visits.length / 2 }, (_, i) => visits.slice(2 * i, 2 * i + 2))
    expect(pairs.every(([[first], [second]]) => first === second)).toBe(true)
    expect(new Set(pairs.map(([[, side]]) => side)).size).toBe(2)
  })
  test('report a slowdown once fresh rounds have shown it too', async () => {
    const { rows } = await playContest(planted(slowed).contest)
    const [a, b] = ['a', 'b'].map((key) => rows.find((row) => row.key === key)!)
    expect([a.verdict, b.verdict]).toEqual(['regressed', 'equivalent'])
    expect(a.reason).toMatch(/^\+9\.\d % \[.*\]: worse by more than 3 %, and again in \d+ fresh rounds$|^\+10\.\d % /)
    expect(a.confirming!.length).toBeGreaterThanOrEqual(5)
  })
  test('take back an alarm that fresh rounds do not show: a disturbance of one side that went away', async () => {
    const passing = (key: string, side: Side, visit: number) => (visit < 40 ? slowed(key, side) : 100)
    const { rows } = await playContest(planted(passing, { plan: { ...plan, looks: [20], confirm: 24 } }).contest)
    const a = rows.find(({ key }) => key === 'a')!
    expect(a.verdict).toBe('inconclusive')
    expect(a.reason).toMatch(/not in 24 fresh rounds/)
  })
  test('end when the minutes are over, and say what it would take', async () => {
    const { rows } = await playContest(planted(unchanged, { budget: 0.1 }).contest)
    expect(rows.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'inconclusive'])
    expect(rows[0].reason).toMatch(/after 2 rounds: .*; about \d+ rounds more \(.*minute.*\) would decide it/)
  })
  test('a version that cannot be measured any more is a failure, one that could not be before is no pass', async () => {
    const broken = await playContest(
      planted((key, side) => (key === 'a' && side === 'after' ? 'it threw' : 100)).contest,
    )
    expect(broken.failures).toEqual([{ subject: 'cell a', side: 'after', reason: 'it threw' }])
    const fresh = await playContest(
      planted((key, side) => (key === 'a' && side === 'before' ? 'no such method' : 100)).contest,
    )
    expect(fresh.failures).toEqual([])
    expect(fresh.rows.find(({ key }) => key === 'a')).toMatchObject({ verdict: 'inconclusive', evidence: 'none' })
  })
  test('an interrupt ends it at once', async () => {
    const controller = new AbortController()
    const { contest, visits } = planted((_key, _side, visit) => {
      if (visit === 3) controller.abort()
      return 100
    })
    await playContest({ ...contest, signal: controller.signal })
    expect(visits.length).toBeLessThan(10)
  })
  test('numbers that no limit names are not compared', async () => {
    expect((await playContest(planted(unchanged, { policy: [] }).contest)).rows).toEqual([])
  })
})
