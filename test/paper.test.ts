/** A paper of one's own, through the real binary. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

describe('a paper in a folder', () => {
  const cwd = temporaryFolder()
  test('is written by init, and judged: exact examples hold, numbers whose data is not here are not run', () => {
    const made = rankBench(['init', 'paper', 'my-draft'], { cwd })
    expect(made.code).toBe(0)
    expect(made.out).toContain('rank-bench reproduce --paper ./my-draft')
    expect(readFileSync(join(cwd, 'my-draft/README.md'), 'utf8')).toContain('--paper ./my-draft')
    const { out, code } = rankBench(['reproduce', '--paper', './my-draft'], { cwd })
    expect(out).toMatch(/2 families \(1 holds, 1 not run\), 6 numbers \(3 holds, 3 not run\) — exit 4/)
    expect(out).toContain('my-draft/claims#1')
    expect(code).toBe(4)
  })
  test('is not written over', () => {
    expect(rankBench(['init', 'paper', 'my-draft'], { cwd }).err).toContain('my-draft is already there')
  })
  test('that refutes is exit 1, and one claim alone can be asked for', () => {
    const path = join(cwd, 'my-draft/claims.csv')
    writeFileSync(path, readFileSync(path, 'utf8').replace('output coordinate,1,3,', 'output coordinate,1,2.5,'))
    const one = ['reproduce', '--paper', './my-draft', '--claim', 'my-draft/claims#1']
    const { out, code } = rankBench(one, { cwd })
    expect(out).toMatch(/1 family \(1 differs\), 1 number \(1 differs\) — exit 1/)
    expect(code).toBe(1)
  })
  test('takes a margin', () => {
    const { out } = rankBench(['reproduce', '--paper', './my-draft', '--margin', '0.05'], { cwd })
    expect(out).toContain('margin: 5 %, as asked')
    expect(rankBench(['reproduce', '--margin', '2'], { cwd }).err).toContain('expected a share between 0 and 1')
  })
  test('that is not there is said with what to do', () => {
    const missing = rankBench(['reproduce', '--paper', './nowhere'], { cwd })
    expect(missing.err).toContain('./nowhere has no paper.json')
    expect(missing.err).toContain('rank-bench init paper <name>')
    expect(missing.code).toBe(2)
    expect(rankBench(['reproduce', '--paper', 'my-draft'], { cwd }).err).toContain('--paper ./my-draft')
    expect(rankBench(['reproduce', '--claim', 'nobody#1'], { cwd }).err).toContain('no such claim: nobody#1')
  })
})

describe('a paper that says several ways to run it', () => {
  const cwd = temporaryFolder()
  const plan = (...words: string[]) => rankBench(['reproduce', ...words, '--dry-run'], { cwd })
  test('is run by the first of them, or by the one that is named, behind the paper or by itself', () => {
    const [first, named, behind] = [
      plan('--paper', 'neuralsort'),
      plan('--paper', 'neuralsort', '--protocol', 'full'),
      plan('--paper', 'neuralsort@full'),
    ].map(({ out, code }) => ({ plan: out.split('\n').filter((line) => / sequence-sorting /.test(line)), code }))
    expect(first.code).toBe(0)
    expect(first.plan.length).toBeGreaterThan(0)
    expect(named.plan).toEqual(behind.plan)
    // Other steps, other keys.
    expect(named.plan.filter((line) => first.plan.includes(line)).length).toBeLessThan(named.plan.length)
  })
  test('is taken where only a protocol is named, and no paper without it', () => {
    const { out, code } = plan('--protocol', 'reduced')
    expect(code).toBe(0)
    expect(out).toContain(' sequence-sorting ')
    expect(out).not.toContain(' label-ranking ')
  })
  test('and a protocol that nobody has, or this paper has not, is said', () => {
    expect(plan('--protocol', 'reducd').err).toContain('no paper has a protocol "reducd"')
    expect(plan('--paper', 'neuralsort', '--protocol', 'fast').err).toContain('neuralsort has no protocol "fast"')
    expect(plan('--paper', 'blondel@full').err).toContain('blondel has no protocol "full"')
  })
})
