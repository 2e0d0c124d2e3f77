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
  test('with fractional relevance are read as trec_eval reads them, and a note says so', () => {
    // trec_eval 9 prints ndcg .5000 here: 1.5 is 1, and the first of the two is not relevant.
    const [judged, run] = [
      file('fractions', ['q 0 a 0.5', 'q 0 b 1.5', 'q 0 c 0']),
      file('fractions-run', ['q Q0 a 1 3 t', 'q Q0 c 2 2 t', 'q Q0 b 3 1 t']),
    ]
    const { out, err } = rankBench(['evaluate', '--qrels', judged, '--run', run, '--metrics', 'ndcg@5:trec'])
    expect(err).toContain('note: ndcg@5:trec: 2 labels lose their fraction, as the tool reads relevance as an integer')
    expect(out).toMatch(/ndcg@5:trec +0\.5000 +1/)
  })
  test('with labels that the tool does not take are refused', () => {
    const judged = file('five', ['q 0 a 4', 'q 0 b 1'])
    const run = file('five-run', ['q Q0 a 1 3 t', 'q Q0 b 2 2 t'])
    const { code, err } = rankBench(['evaluate', '--qrels', judged, '--run', run, '--metrics', 'ndcg@5:letor4'])
    expect(err).toContain(
      'expected a whole label from 0 to 2 under letor4: the script takes any other label for irrelevant',
    )
    expect(code).toBe(2)
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
    expect(compare('--format', 'csv').out).toMatch(/^table,row,label,column,value,unit,/)
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
  test('are in the JSON that is asked for with metrics', () => {
    const python = interpreter('jsonpython', [{ library: 'XGBoost', missing: 'No module named xgboost' }])
    const { out } = rankBench([
      'evaluate',
      '--labels',
      labels,
      '--feature',
      '1',
      '--metrics',
      'map:letor4',
      '--json',
      '--peers',
      python,
    ])
    expect(out).toContain('No module named xgboost')
    expect(out).toContain('map:letor4')
  })
  /** An interpreter that does what it must not. */
  const rogue = (name: string, ...lines: string[]) => {
    const path = file(name, ['#!/bin/sh', ...lines])
    chmodSync(path, 0o755)
    return path
  }
  const nobody = join(folder, 'nowhere')
  test.each([
    ['nowhere', () => nobody, /failed: it cannot be started: .*ENOENT/],
    ['silent', () => rogue('silent', 'cat > /dev/null'), /failed: it answered nothing/],
    ['deaf', () => rogue('deaf', 'exit 0'), /failed: it answered nothing/],
    [
      'garbage',
      () => rogue('garbage', 'cat > /dev/null', 'printf "\x1b[2Jhello"'),
      /its answer is not JSON: "\[2Jhello"/,
    ],
    ['another form', () => interpreter('form', { library: 3 }), /JSON of another form/],
    ['a crash', () => rogue('crash', 'echo "Trouble: here" >&2', 'exit 4'), /exited with code 4: Trouble: here/],
    ['a killed one', () => rogue('killed', 'kill -9 $$'), /was killed by SIGKILL/],
    ['a flood', () => rogue('flood', 'cat > /dev/null', 'exec cat /dev/zero'), /longer than 256 MiB/],
    ['a hang', () => rogue('hang', 'sleep 600 &', 'wait'), /timeout: no answer within 1 s; the process was ended/],
  ])('that cannot be had are a row with the reason, and exit 3: %s', (name, python, reason) => {
    const limit = name === 'a hang' ? '1' : '60'
    const { code, out, err } = rankBench(
      [
        'evaluate',
        '--labels',
        labels,
        '--feature',
        '1',
        '--metrics',
        'map:letor4',
        '--peers',
        python(),
        '--timeout',
        limit,
      ].map(String),
    )
    expect(out).toMatch(reason)
    expect(out).toMatch(/map:letor4 +1\.0000/)
    expect(out).toContain('--peers <interpreter>')
    expect(err).not.toContain('bug in rank-bench')
    expect(code).toBe(3)
  })
  test('that answer something else than was asked are a row each', () => {
    const python = interpreter('liar', [
      { library: 'A', version: '1', metric: 'x', of: 'ndcg@5:nobody', queries: [1, 0.5] },
      { library: 'B', version: '1', metric: 'x', of: 'map:trec', queries: [1] },
      { library: 'C', version: '1', metric: 'x', of: 'map:trec', queries: [1, 1] },
    ])
    const { code, out } = evaluate(python)
    expect(out).toMatch(/A .*no convention is called "nobody"/)
    expect(out).toMatch(/B 1 .*1 values for 2 queries/)
    expect(out).toMatch(/C 1 +x +map:trec/)
    expect(code).toBe(0)
  })
})
