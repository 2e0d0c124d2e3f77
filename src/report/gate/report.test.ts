import { describe, expect, test } from 'vitest'
import type { GateResult, GateRow } from '../../core/gate.ts'
import { markdown } from '../formats/markdown.ts'
import { concludeGate } from './conclusion.ts'
import { annotations, comment } from './github.ts'
import { historyCsv, otavaConfig } from './history.ts'
import { junit } from './junit.ts'
import { badgeJson, bencherJson, benchmarkJson } from './services.ts'
import { gateTables } from './table.ts'
import { changeText, limitText, needText } from './words.ts'

const row = (metric: string, more: Partial<GateRow> = {}): GateRow => ({
  key: 'k',
  subject: 'sort | "quick" <b> & co',
  metric,
  kind: 'time',
  unit: 'ns',
  better: 'lower',
  evidence: 'rounds',
  limit: { by: 'share', most: 0.03 },
  before: 100,
  after: 120,
  change: { value: 0.2, low: 0.18, high: 0.22 },
  pairs: 12,
  verdict: 'regressed',
  reason: '+20.0 % [+18.0, +22.0]: worse by more than 3 %',
  ...more,
})

const result = (rows: readonly GateRow[]): GateResult => ({
  format: 1,
  name: 'planted',
  command: 'gate',
  createdAt: '2026-01-01T00:00:00.000Z',
  before: { name: 'HEAD~1', version: 'abc' },
  after: { name: 'this build', version: 'def' },
  machine: 'one',
  plan: { looks: [12, 24], alarm: 0.01, pass: 0.05, spending: 'pocock', confirm: 24 },
  rows,
  failures: [{ subject: 'other', side: 'after', reason: 'it threw: a,b' }],
  rounds: 12,
  minutes: 1.5,
  notes: [],
})

const open = row('time.backward', { verdict: 'inconclusive', reason: 'cannot be told' })
const better = row('speed', { better: 'higher', verdict: 'improved', kind: 'result', unit: '1' })
const planted = result([row('time.forward'), open, better])

describe('tables of a gate', () => {
  test('have the worst first, and times apart from results', () => {
    const [failed, times, results] = gateTables(planted)
    expect([failed.title, times.title, results.title]).toEqual(['Not measured', 'Times', 'Results'])
    expect(times.rows.map((cells) => cells[6].text)).toEqual(['regressed', 'inconclusive'])
    expect(times.rows[0].map(({ text }) => text)).toContain('worse by more than 3 %')
  })
  test('count what has passed where it is much', () => {
    const many = Array.from({ length: 40 }, (_, i) => row(`m${i}`, { verdict: 'equivalent' }))
    const [, times] = gateTables(result([...many, row('worse')]))
    expect(times.rows).toHaveLength(1)
    expect(times.notes[0]).toMatch(/^40 more are equivalent/)
  })
})

test('the conclusion names what regressed, what is open, and who was compared', () => {
  const text = concludeGate(planted).map((line) => `${line.topic}: ${line.text}`)
  expect(text).toHaveLength(5)
  expect(text[0]).toMatch(/^regressed: .*time\.forward \+20\.0 %/)
  expect(text[3]).toBe('not measured: other: it threw: a,b')
  expect(text[4]).toMatch(/this build \(def\) with HEAD~1 \(abc\): 3 numbers, 12 rounds, 1\.5 minutes/)
})

describe('JUnit', () => {
  const text = junit(planted)
  test('counts what is open and what failed as errors', () => {
    expect(text).toMatch(/<testsuites tests="4" failures="1" errors="2">/)
  })
  test('spells what XML would read', () => {
    expect(text).toContain('classname="sort | &quot;quick&quot; &lt;b&gt; &amp; co"')
    expect(text).not.toMatch(/<b>/)
  })
})

describe('on GitHub', () => {
  test('each annotation is one line, its properties without what would end them', () => {
    const lines = annotations(planted)
    expect(lines).toHaveLength(4)
    expect(lines.map((line) => line.slice(0, line.indexOf(' ')))).toEqual([
      '::error',
      '::warning',
      '::notice',
      '::error',
    ])
    expect(lines[3]).toBe('::error title=not measured%3A other::it threw: a,b')
  })
  test('a comment can be found again, and holds tables that Markdown reads', () => {
    const text = comment(planted, 'gate: regressed')
    expect(text.split('\n')[0]).toBe('<!-- rank-bench gate -->')
    expect(text).toContain(markdown(gateTables(planted)))
    expect(text).toContain('sort \\| ')
  })
})

describe('other services', () => {
  test('github-action-benchmark gets what smaller is better of, and nothing else', () => {
    expect(JSON.parse(benchmarkJson(planted)).map(({ name }: { name: string }) => name)).toEqual([
      'sort | "quick" <b> & co: time.forward',
      'sort | "quick" <b> & co: time.backward',
    ])
  })
  test('Bencher gets bounds in the unit of the number', () => {
    const [measures] = Object.values(JSON.parse(bencherJson(planted))) as Record<string, unknown>[]
    expect(measures['time.forward']).toEqual({ value: 120, lower_value: 118, upper_value: 122 })
  })
  test('a badge says what it came to', () => {
    expect(JSON.parse(badgeJson('inconclusive', planted))).toMatchObject({ message: 'inconclusive', color: 'yellow' })
  })
})

describe('words', () => {
  test('of a change have its sign: positive is worse', () => {
    const share = { by: 'share', most: 0.03 } as const
    expect(changeText(share, { value: 0.0521, low: 0.04, high: 0.06 })).toBe('+5.2 % [+4.0, +6.0]')
    expect(changeText(share, { value: 0, low: -1, high: Number.POSITIVE_INFINITY })).toBe('+0.0 % [-inf, +inf]')
    expect(changeText({ by: 'amount', most: 1 }, { value: -0.00312, low: -0.00312, high: -0.00312 })).toBe('-0.00312')
    expect(limitText(share)).toBe('3 %')
  })
  test('of what it would take are rounds and minutes', () => {
    expect(needText(13.2, 0.25)).toBe('about 14 rounds more (about 4 minutes) would decide it')
    expect(needText(Number.POSITIVE_INFINITY, 1)).toMatch(/no number of rounds/)
  })
})

describe('a history', () => {
  const past = [1, 2].map((day) => ({
    at: `2026-01-0${day}T00:00:00Z`,
    version: `c,${day}`,
    against: 'x',
    machine: 'one',
    outcome: 'passed' as const,
    numbers: [
      { name: 'a: time.forward', better: 'lower' as const, value: day },
      ...(day === 2 ? [{ name: 'a: accuracy', better: 'higher' as const, value: 0.5 }] : []),
    ],
  }))
  test('is a line a gate, with empty fields where a number was not there yet', () => {
    expect(historyCsv(past)).toBe(
      'time,commit,a_time_forward,a_accuracy\n2026-01-01T00:00:00Z,"c,1",1,\n2026-01-02T00:00:00Z,"c,2",2,0.5\n',
    )
  })
  test('tells Otava which side is good', () => {
    const { metrics } = JSON.parse(otavaConfig(past, 'h.csv')).tests.gate
    expect([metrics.a_time_forward.direction, metrics.a_accuracy.direction]).toEqual([-1, 1])
  })
})
