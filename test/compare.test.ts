/** rank-bench evaluate --compare through the real binary. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

const folder = temporaryFolder()
const queries = 40
const documents = 8
const label = (q: number, i: number) => (i * 7 + q * 3) % 5

const labels = join(folder, 'test.txt')
writeFileSync(
  labels,
  Array.from({ length: queries }, (_, q) =>
    Array.from({ length: documents }, (__, i) => `${label(q, i)} qid:${q + 1} 1:${i}\n`).join(''),
  ).join(''),
)
/** Scores that follow the labels, with more or less of something else. */
function scores(name: string, noise: number): string {
  const path = join(folder, name)
  const lines = Array.from({ length: queries * documents }, (_, at) => {
    const [q, i] = [Math.floor(at / documents), at % documents]
    return label(q, i) + noise * Math.sin(12.9898 * at + 78.233 * q)
  })
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}
const [good, poor] = [scores('good.txt', 0.5), scores('poor.txt', 6)]
const metrics = ['--metrics', 'ndcg@5:mslr,map:mslr']
const compare = (...files: string[]) => rankBench(['evaluate', '--labels', labels, '--compare', ...files, ...metrics])

describe('comparing two rankings', () => {
  test('shows difference, interval, effect and tests, corrected for the number of metrics', () => {
    const { code, out } = compare(good, poor)
    expect(out).toMatch(
      /ndcg@5:mslr\s+1\.0000\s+0\.7253\s+\+0\.275 \[\+0\.\d+, \+0\.\d+\]\s+2\.76\s+40\/0\/0\s+1\.8e-12\s+3\.6e-12\s+<1e-15/,
    )
    expect(out).toMatch(/map:mslr/)
    expect(code).toBe(0)
  })
  test('finds nothing between a ranking and itself', () => {
    const { out } = rankBench(['evaluate', '--labels', labels, '--compare', good, good, ...metrics, '--json'])
    const [table] = [JSON.parse(out)].flat(2)
    expect(JSON.stringify(table)).toContain(`0/${queries}/0`)
  })
  test('gives the same numbers the second time', () => {
    expect(compare(good, poor).out).toBe(compare(good, poor).out)
  })
  test('takes two files and some metrics, and says so', () => {
    expect(compare(good).err).toContain('--compare takes two score files or more; 1 given')
    const without = rankBench(['evaluate', '--labels', labels, '--compare', good, poor, '--conventions'])
    expect(without.err).toContain('--compare shows no conventions')
    expect(without.code).toBe(2)
  })
})
