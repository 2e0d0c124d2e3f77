/** rank-bench check through the real binary. */

import { describe, expect, test } from 'vitest'
import { rankBench } from './harness.ts'

describe('rank-bench check', () => {
  test('prints a line an operator and one closing sentence, and exits 0 when every law holds', () => {
    const { code, out, err } = rankBench(['check', 'rank:permutahedron|sigmoid', '--rows', '40'])
    expect(out).toMatch(/rank:permutahedron\s+holds\s+(\d+) of \1\s+40/)
    expect(err).toMatch(/check: 2 operators, .* 0 broken, 0 inconclusive — exit 0/)
    expect(code).toBe(0)
  })
  test('shows a row where a method that is not monotone goes the wrong way', () => {
    const { out } = rankBench(['check', 'sort:neuralsort', '--rows', '30'])
    expect(out).toContain('Not monotone, and shown')
    expect(out).toMatch(/sort:neuralsort\s+row \[.*\]: entry \d+ falls by/)
  })
  test('writes the certificate law by law as Markdown, and as JSON for programs', () => {
    const markdown = rankBench(['check', 'sort:softsort', '--rows', '30', '--format', 'markdown']).out
    expect(markdown).toContain('| vjp = finite differences |')
    expect(markdown).toMatch(/\| sort:softsort \| ✓/)
    const json = JSON.parse(rankBench(['check', 'sort:softsort', '--rows', '30', '--format', 'json']).out)
    expect(JSON.stringify(json)).toContain('"certificates"')
  })
  test('measures growth when asked to, and declares what it found against', () => {
    const { out, code } = rankBench(['check', 'rank:permutahedron', '--rows', '20', '--precision', 'f64', '--growth'])
    expect(out).toMatch(/-?\d\.\d\d \(n log n\) \/ -?\d\.\d\d \(n\) \/ \d\.\d\d \(n\)/)
    expect([0, 1]).toContain(code)
  })
  test('refuses names it does not know with the nearest one', () => {
    const { code, err } = rankBench(['check', 'rank:permutohedron'])
    expect(err).toContain('rank:permutahedron')
    expect(code).toBe(2)
  })
})

test('check ends with five lines that say what it came to, and its files begin with them', () => {
  const { out } = rankBench(['check', 'rank:sigmoid', 'sort:hard', '--rows', '20'])
  const topics = out
    .trimEnd()
    .split('\n')
    .slice(-5)
    .map((line) => line.split(':')[0])
  expect(topics).toEqual(['holds', 'broken', 'gradients', 'not judged', 'files'])
  expect(out).toContain('holds: 2 of 2 operators keep all that they promise')
  expect(out).toMatch(/gradients: \d operators? held against finite differences, furthest off \w+:/)
  const { tables } = JSON.parse(rankBench(['check', 'rank:sigmoid', '--rows', '20', '--format', 'json']).out)
  expect(tables[0].id).toBe('conclusion')
  expect(rankBench(['check', '!rank:*']).err).toContain('leaves nothing to check')
})
