/** rank-bench evaluate on TREC files, several rankings and large files, through the real binary. */

import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

const folder = temporaryFolder()
function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)

const qrels = file(
  'qrels.txt',
  numbers(20).flatMap((q) => numbers(6).map((d) => `q${q} 0 d${d} ${(d + q) % 3}`)),
)
const runFile = (name: string, noise: number) =>
  file(
    name,
    numbers(20).flatMap((q) =>
      numbers(6).map((d) => `q${q} Q0 d${d} 0 ${((d + q) % 3) + noise * Math.sin(7 * d + q)} ${name}`),
    ),
  )
const [good, fair, poor] = [runFile('good', 0.1), runFile('fair', 1.5), runFile('poor', 9)]

describe('TREC files', () => {
  test('are evaluated under a named convention', () => {
    const { code, out } = rankBench(['evaluate', '--qrels', qrels, '--run', good, '--metrics', 'ndcg@5:trec,map:trec'])
    expect(out).toMatch(/ndcg@5:trec +1\.0000 +20/)
    expect(code).toBe(0)
  })
  test('say which queries are missing, and count them as empty', () => {
    const partial = file(
      'partial',
      numbers(10).map((q) => `q${q} Q0 d2 1 1 t`),
    )
    const { out, err } = rankBench(['evaluate', '--qrels', qrels, '--run', partial, '--metrics', 'map:trec'])
    expect(err).toContain('10 judged queries have no ranking and count as empty ones (q10, q11, q12, ...)')
    expect(out).toMatch(/map:trec +0\.\d+ +20/)
  })
  test('are told apart from LETOR files', () => {
    const metrics = ['--metrics', 'map:trec']
    expect(rankBench(['evaluate', '--qrels', qrels, ...metrics]).err).toContain('--qrels needs --run <file>')
    expect(rankBench(['evaluate', ...metrics]).err).toContain('give either --labels <LETOR file> or --qrels')
    const mixed = rankBench(['evaluate', '--qrels', qrels, '--scores', good, ...metrics])
    expect(mixed.err).toContain('--scores and --feature go with --labels')
    expect(mixed.code).toBe(2)
  })
})

describe('several rankings', () => {
  const compare = (...rest: string[]) =>
    rankBench(['evaluate', '--qrels', qrels, '--compare', good, fair, poor, '--metrics', 'ndcg@5:trec', ...rest])
  test('stand in one table, the best first, with who may be the best', () => {
    const lines = compare().out.split('\n')
    const at = (name: string) => lines.findIndex((line) => line.includes(`/${name} `))
    expect(at('good')).toBeGreaterThan(0)
    expect(at('good')).toBeLessThan(at('poor'))
    expect(lines[at('good')]).toMatch(/1\.0000 +yes /)
    expect(lines[at('poor')]).toMatch(/\d+\/\d+\/\d+/)
  })
  test('are written as CSV and LaTeX, to a file when one is named', () => {
    expect(compare('--format', 'csv').out).toMatch(/^system,ndcg@5:trec,may be the best/)
    const path = join(folder, 'table.tex')
    compare('--format', 'latex', '-o', path)
    expect(readFileSync(path, 'utf8')).toContain('\\begin{tabular}')
  })
})

test('a label file of 200,000 lines is read without its features', () => {
  const lines = numbers(200_000).map((i) => `${i % 3} qid:${Math.floor(i / 20)} 1:0.5 2:${(i % 7) / 10} #docid = d${i}`)
  const labels = file('large.txt', lines)
  const scores = file(
    'large-scores.txt',
    lines.map((_, i) => String(Math.sin(i))),
  )
  const { code, out } = rankBench(['evaluate', '--labels', labels, '--scores', scores, '--metrics', 'ndcg@5:letor4'])
  expect(out).toMatch(/10000 queries/)
  expect(code).toBe(0)
})

describe('other libraries', () => {
  const labels = file('four.txt', ['1 qid:1 1:0.3', '0 qid:1 1:0.2', '0 qid:2 1:0.1', '2 qid:2 1:0.9'])
  const evaluate = (python: string) => rankBench(['evaluate', '--labels', labels, '--feature', '1', '--peers', python])
  /** Answers what a Python with these libraries would. */
  function interpreter(name: string, answer: object): string {
    const path = file(name, ['#!/bin/sh', 'cat > /dev/null', `echo '${JSON.stringify(answer)}'`])
    chmodSync(path, 0o755)
    return path
  }
  test('stand beside ours with the largest difference, or with the reason why they do not', () => {
    const python = interpreter('python', [
      { library: 'pytrec_eval', version: '1', metric: 'ndcg_cut_5', of: 'ndcg@5:trec', queries: [1, 0.5] },
      { library: 'LightGBM', version: '2', metric: 'ndcg@5', of: 'ndcg@5:lightgbm', mean: 1 },
      { library: 'XGBoost', missing: 'No module named xgboost' },
    ])
    const { code, out } = evaluate(python)
    expect(out).toMatch(/pytrec_eval 1 +ndcg_cut_5 +ndcg@5:trec +0\.750000 +1\.000000 +5\.0e-1 +largest of 2 queries/)
    expect(out).toMatch(/LightGBM 2 +ndcg@5 +ndcg@5:lightgbm +1\.000000 +1\.000000 +0\.0e\+0 +means/)
    expect(out).toMatch(/XGBoost .*No module named xgboost/)
    expect(code).toBe(0)
  })
  test('are an error that names the next step when the interpreter does not run', () => {
    const { code, err } = evaluate(join(folder, 'nowhere'))
    expect(err).toContain('gave no answer')
    expect(err).toContain('--peers <interpreter>')
    expect(code).not.toBe(0)
  })
})
