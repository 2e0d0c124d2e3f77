import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configJsonSchema } from '../src/config/schema.ts'
import { rankBench, temporaryFolder } from './harness.ts'

const letorFile = [
  '2 qid:1 1:0.1 2:0.9',
  '0 qid:1 1:0.8 2:0.2',
  '1 qid:1 1:0.5 2:0.5',
  '0 qid:2 1:1 2:0',
  '0 qid:2 1:0 2:1',
].join('\n')

describe('rank-bench evaluate', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'labels.txt'), `${letorFile}\n`)
  writeFileSync(join(folder, 'scores.txt'), '3\n1\n2\n0.5\n0.25\n')
  const evaluate = (...args: string[]) => rankBench(['evaluate', '--labels', 'labels.txt', ...args], { cwd: folder })

  test('names the convention of every number', () => {
    const { code, out } = evaluate(
      '--scores',
      'scores.txt',
      '--metrics',
      'ndcg@2:letor4,ndcg@2:allrank,map:letor4',
      '--json',
    )
    expect(code).toBe(0)
    const { metrics, queries } = JSON.parse(out)
    expect(queries).toBe(2)
    // Query 1 is ranked perfectly; query 2 has no relevant document: 0 for LETOR, 1 for allRank.
    expect(metrics).toEqual({ 'ndcg@2:letor4': 0.5, 'ndcg@2:allrank': 1, 'map:letor4': 0.5 })
  })
  test('ranks by a feature, and shows every query', () => {
    const { out } = evaluate('--feature', '2', '--metrics', 'ndcg@2:ranklib', '--per-query')
    expect(out).toMatch(/^1 +1\.0000$/m)
    expect(out).toMatch(/^2 +0\.0000$/m)
    expect(evaluate('--feature', '3', '--metrics', 'ndcg@2:ranklib').err).toMatch(/features 1 to 2/)
  })
  test('shows one ranking under every convention', () => {
    const { code, out } = evaluate('--scores', 'scores.txt', '--conventions')
    expect(code).toBe(0)
    expect(out).toMatch(/^letor4 +0\.5000 .*short=zero/m)
    expect(out).toMatch(/^allrank +1\.0000 .*blank=1/m)
    expect(out).toMatch(/^trec +– .*ties=docid needs document names/m)
  })
  test('ends a comparison with what it came to, and begins its file with it', () => {
    writeFileSync(join(folder, 'other.txt'), '1\n3\n2\n0.25\n0.5\n')
    writeFileSync(join(folder, 'third.txt'), '1\n2\n3\n0.25\n0.5\n')
    const compared = (...files: string[]) => evaluate('--metrics', 'ndcg@2:letor4,map:ranklib', '--compare', ...files)
    const { code, out } = compared('scores.txt', 'other.txt')
    const topics = out
      .trimEnd()
      .split('\n')
      .slice(-5)
      .map((line) => line.split(':')[0])
    // By hand: query 1 of the second ranking has gain 0 + 1 of 3 + 1; query 2 has nothing to gain.
    expect(topics).toEqual(['highest', 'told apart', 'not told apart', 'not counted', 'files'])
    expect(out).toMatch(/^not told apart: ndcg@2:letor4: scores\.txt by 0\.3750/m)
    expect(code).toBe(0)
    expect(compared('scores.txt', 'other.txt', 'third.txt').out).toMatch(
      /^not told apart: ndcg@2:letor4: 3 of 3 may be/m,
    )
    const json = evaluate('--metrics', 'map:ranklib', '--json', '--compare', 'scores.txt', 'other.txt').out
    expect(JSON.parse(json).tables[0].id).toBe('conclusion')
  })
  test('refuses a metric without a convention and a score file of another length, with the line of a bad score', () => {
    expect(evaluate('--scores', 'scores.txt', '--metrics', 'ndcg@2').err).toMatch(/letor4/)
    writeFileSync(join(folder, 'short.txt'), '1\n2\n')
    expect(evaluate('--scores', 'short.txt', '--metrics', 'map:letor4').err).toMatch(/2 scores for 5 documents/)
    writeFileSync(join(folder, 'bad.txt'), '1\n2\nx\n4\n5\n')
    const bad = evaluate('--scores', 'bad.txt', '--metrics', 'map:letor4')
    expect(bad.err).toMatch(/bad\.txt, line 3: "x" is not a finite number/)
    expect(bad.code).toBe(2)
  })
})

describe('rank-bench reproduce', () => {
  test('re-derives the printed examples of fast-soft-sort and finds every one reproduced', () => {
    const { code, out } = rankBench(['reproduce', '--paper', 'fast-soft-sort', '--show-commands'])
    expect(out).toContain('reproduce: 6 families (6 holds), 18 numbers (18 holds) — exit 0')
    expect(out).toMatch(/rank-bench reproduce --paper fast-soft-sort --claim 'fast-soft-sort#1'/)
    expect(code).toBe(0)
  })
  test('re-derives a single claim', () => {
    expect(rankBench(['reproduce', '--claim', 'fast-soft-sort#3']).out).toContain(
      'reproduce: 1 family (1 holds), 1 number (1 holds) — exit 0',
    )
    expect(rankBench(['reproduce', '--claim', 'fast-soft-sort#99']).code).toBe(2)
  })
  test('plans for a claim only what it is judged by, and says how long that takes', () => {
    const { out } = rankBench(['reproduce', '--claim', 'fast-soft-sort#3', '--dry-run'])
    expect(out).toMatch(/time: .*1 visit guessed(.|\n)*plan: 1 cells/)
    expect(rankBench(['reproduce', '--paper', 'letor3-ohsumed', '--claim', 'fast-soft-sort#3']).err).toContain(
      'no such claim of letor3-ohsumed: fast-soft-sort#3',
    )
  })
  test('begins its JSON with the conclusion', () => {
    const { tables } = JSON.parse(rankBench(['reproduce', '--claim', 'fast-soft-sort#3', '--json']).out)
    expect(tables[0].id).toBe('conclusion')
    expect(tables[0].rows).toHaveLength(5)
  })
  test('says not run, with the way to the data, where the data is absent', () => {
    const { code, out } = rankBench(['reproduce', '--paper', 'letor3-ohsumed'])
    expect(code).toBe(4)
    expect(out).toContain('reproduce: 4 families (3 not run, 1 recalled), 66 numbers (63 not run, 3 recalled) — exit 4')
    expect(out).toMatch(/not measured: 600 skipped: letor:ohsumed absent -> rank-bench data add letor:ohsumed/)
  })
  test('offers the nearest paper for an unknown one', () => {
    expect(rankBench(['reproduce', '--paper', 'letor3-ohsumd']).err).toMatch(/did you mean letor3-ohsumed/)
  })
})

describe('rank-bench list, data and peers', () => {
  test.each([
    ['methods', /^rank:permutahedron +by parameters +kernels +Blondel/m],
    ['datasets', /synthetic-letor/],
    ['experiments', /How fast is each operator/],
    ['metrics', /letor4 .*discount=letor/],
    ['claims', /letor3-ohsumed#1 +ListNet/],
  ])('list %s', (what, expected) => {
    const { code, out } = rankBench(['list', what])
    expect(out).toMatch(expected)
    expect(code).toBe(0)
  })
  test('data list says what is here and how to obtain what is not', () => {
    const { code, out } = rankBench(['data', 'list'])
    expect(out).toMatch(/letor:mq2008/)
    expect(code).toBe(0)
    const verify = rankBench(['data', 'verify', 'letor:mq2008'])
    expect(verify.code).toBe(2)
    expect(verify.err).toMatch(/letor:mq2008/)
  })
  test('peers list says what was tried and how to install', () => {
    const { out, err } = rankBench(['peers', 'list', '--python', '/nonexistent/python'])
    expect(out + err).toMatch(/rank-bench peers install/)
  })
})

describe('the package', () => {
  test('ships programs, configs and the Python worker, and nothing else', () => {
    const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' })
    const [{ files }] = JSON.parse(packed.stdout)
    const paths: string[] = files.map((file: { path: string }) => file.path)
    for (const needed of [
      'bin/rank-bench.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/systems/python/worker.py',
      'configs/quick.json',
      'dist/browser.js',
      'dist/browser.d.ts',
      'examples/method.mjs',
      'results/README.md',
      'results/speed/report.md',
      'LICENSE',
      'README.md',
    ]) {
      expect(paths).toContain(needed)
    }
    expect(
      paths.filter(
        (path) =>
          !/^(bin|dist|configs|docs|examples)\/|^results\/.+\.(md|svg)$|^(package\.json|README\.md|LICENSE)$/.test(
            path,
          ),
      ),
    ).toEqual([])
    expect(paths.filter((path) => path.includes('.test.'))).toEqual([])
    // What the page of the package links to is in the package.
    const links = [...readFileSync('README.md', 'utf8').matchAll(/\]\(((?:docs|results|examples)\/[^)#]*)/g)]
    expect(links.map(([, path]) => path).filter((path) => !paths.includes(path) && !path.endsWith('/'))).toEqual([])
  })
  test('publishes the schema that decodes its configs', () => {
    expect(JSON.parse(readFileSync('configs/schema.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(configJsonSchema())),
    )
  })
})
