import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { rankBench } from './harness.ts'

test('list methods fits 80 columns, and one name tells everything about it', () => {
  const { out } = rankBench(['list', 'methods'])
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
  const one = rankBench(['list', 'methods', 'rank:sigmoid']).out
  for (const part of ['parameter strength', 'gradient', 'promises', 'BibTeX', 'rank-bench check rank:sigmoid'])
    expect(one).toContain(part)
  expect(rankBench(['list', 'methods', 'rank:sigmod']).err).toContain('did you mean rank:sigmoid')
  expect(rankBench(['list', 'configs']).out).toMatch(/^quick /m)
})

test('completion is a script that bash takes', () => {
  const { out } = rankBench(['completion', 'bash'])
  const typed = 'COMP_WORDS=(rank-bench run --dry); COMP_CWORD=2; _rank_bench; printf "%s\n" "$COMPREPLY"'
  const { stdout } = spawnSync('bash', ['-c', `${out}\n${typed}`], { encoding: 'utf8' })
  expect(stdout.trim()).toBe('--dry-run')
})

test('what is typed is honoured or refused', () => {
  const refused = (...args: string[]) => {
    const { code, err } = rankBench(['run', '-e', 'latency', '-m', 'rank:sigmoid', '--dry-run', ...args])
    expect(code, args.join(' ')).toBe(2)
    return err
  }
  expect(refused('--precision', 'banana')).toContain('expected f32, f64')
  expect(refused('--seeds', '1,,2')).toContain('empty entry')
  expect(refused('--jobs', '0')).toContain('1 or more')
  expect(rankBench(['run', '-c', 'quik']).err).toContain('did you mean quick')
})

test('a config is narrowed by -m, -d and -e', () => {
  const narrowed = (...args: string[]) => rankBench(['run', '-c', 'quick', '--dry-run', ...args])
  const { out } = narrowed('-e', 'latency', '-m', 'rank:sigmoid')
  expect(out).toMatch(/plan: 2 cells/)
  expect(narrowed('-m', 'rank:lapsum').err).toContain('nothing is left of quick')
})
