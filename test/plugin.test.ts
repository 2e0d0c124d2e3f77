/** Plug-ins through the real binary: the shipped examples, and what init writes. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

const example = (kind: string): string => resolve('examples', `${kind}.mjs`)

describe('the shipped examples', () => {
  test.each(['method', 'dataset', 'experiment'])('the %s passes its check', (kind) => {
    const { code, out } = rankBench(['check', '--plugin', example(kind), '--rows', '50'])
    expect(out).toContain('holds')
    expect(code).toBe(0)
  })
  test('a method of a plug-in is listed, applied and taken by losses as if it were built in', () => {
    const plugin = ['--plugin', example('method')]
    expect(rankBench(['list', 'methods', ...plugin]).out).toContain('rank:cauchy-ranks')
    const applied = rankBench(['apply', 'rank:cauchy-ranks[strength=0]', '--values', '[5,1,2]', '--json', ...plugin])
    expect(JSON.parse(applied.out).output).toEqual([3, 1, 2])
    const loss = 'loss:spearman[rank=cauchy-ranks[strength=0.01]]'
    const trained = rankBench(['apply', loss, '--values', '[5,1,2]', '--labels', '[2,0,1]', '--json', ...plugin])
    expect(JSON.parse(trained.out).output).toBeLessThan(1e-3)
  })
  test('method, data set and experiment of three plug-ins run together and are reported', () => {
    const folder = temporaryFolder()
    const plugins = ['method', 'dataset', 'experiment'].flatMap((kind) => ['--plugin', example(kind)])
    const selected = ['-e', 'rank-distance', '-m', 'rank:cauchy-ranks|hard', '-d', 'two-crowds[n=16]']
    const run = rankBench(['run', ...selected, ...plugins, '--out', join(folder, 'run'), '--no-progress'])
    expect(run.out).toContain('2 measured, 0 failed')
    // Its own table, and its own picture, also when the run is rendered again without naming the plug-in.
    expect(run.out).toMatch(/Soft ranks from hard ones.*\n(.*\n)*rank:hard +0\.000/)
    const report = rankBench(['report', join(folder, 'run'), '--figures', join(folder, 'figures')])
    expect(report.out).toContain('Soft ranks from hard ones')
    expect(readFileSync(join(folder, 'figures/rank-distance.svg'), 'utf8')).toMatch(/^<svg/)
    expect(run.code).toBe(0)
  })
})

describe('a config', () => {
  test('loads its plug-ins, named relative to the file, and the run goes on where it stopped', () => {
    const cwd = temporaryFolder()
    for (const kind of ['method', 'dataset']) writeFileSync(join(cwd, `${kind}.mjs`), readFileSync(example(kind)))
    const config = {
      name: 'mine',
      plugins: ['./method.mjs', './dataset.mjs'],
      suites: [{ experiment: 'stability[n=8]', methods: ['rank:cauchy-ranks'], datasets: ['two-crowds'] }],
    }
    writeFileSync(join(cwd, 'mine.json'), JSON.stringify(config))
    const args = ['run', '-c', join(cwd, 'mine.json'), '--out', join(cwd, 'run'), '--no-progress']
    expect(rankBench(args).out).toContain('1 measured, 0 failed')
    expect(rankBench(args).err).toContain('1 visits kept, 0 to go')
    // A plug-in that changed is another method: its cells are measured again, elsewhere.
    writeFileSync(join(cwd, 'method.mjs'), `${readFileSync(example('method'), 'utf8')}\n// changed\n`)
    const changed = rankBench(args)
    expect(changed.err).toContain('holds the run of another plan')
    expect(changed.code).toBe(2)
  })
})

describe('init', () => {
  test.each(['method', 'dataset', 'experiment'])('writes a %s whose check passes, and never over a file', (kind) => {
    const cwd = temporaryFolder()
    const first = rankBench(['init', kind, `my-${kind}`], { cwd })
    expect(first.out).toContain(`my-${kind}.mjs written`)
    const checked = rankBench(['check', '--plugin', `./my-${kind}.mjs`, '--rows', '50'], { cwd })
    expect(checked.out).toContain(`my-${kind}`)
    expect(checked.code).toBe(0)
    const second = rankBench(['init', kind, `my-${kind}`], { cwd })
    expect(second.err).toContain('already there')
    expect(second.code).toBe(2)
  })
})

describe('a broken plug-in', () => {
  test('fails its check with exit 1 and the row that shows it', () => {
    const cwd = temporaryFolder()
    writeFileSync(
      join(cwd, 'wrong.mjs'),
      `export default ({ itemOperator }) => ({ methods: [{ name: 'wrong', title: 'Doubles, with gradient 1', citations: [],
        operators: { sort: itemOperator({ params: {}, growth: { forward: 'n', backward: 'n', memory: 'n' }, gradient: 'exact' },
          ({ x, y, yBar, xBar }) => ({
            forward() { for (let i = 0; i < x.length; i++) y[i] = 2 * x[i] },
            backward() { xBar.set(yBar) },
          })) } }] })`,
    )
    const { code, out } = rankBench(['check', 'sort:wrong', '--plugin', './wrong.mjs', '--rows', '20'], { cwd })
    expect(out).toContain('broken: vjp = finite differences')
    expect(out).toMatch(/sort:wrong.* in f64, random row \[/)
    expect(code).toBe(1)
  })
  test.each([
    ['at import', 'process.exit(0)', /called process\.exit\(0\) while it was loaded/],
    ['at import, swallowed', 'try { process.exit(0) } catch {}', /called process\.exit\(0\) while it was loaded/],
    ['in its factory', 'export default () => process.exit(0)', /called process\.exit\(0\) while it was loaded/],
    ['by never loading', 'await new Promise(() => {})', /./],
  ])('that ends the process %s is no success', (_when, text, message) => {
    const cwd = temporaryFolder()
    const rest = text.includes('export default') ? '' : readFileSync(example('dataset'), 'utf8')
    writeFileSync(join(cwd, 'quits.mjs'), `${text}\n${rest}`)
    const { code, err } = rankBench(['check', '--plugin', './quits.mjs', '--rows', '20'], { cwd })
    expect(err).toMatch(message)
    expect(code).toBeGreaterThan(0)
  })
  test('that ends the process later cannot pass the work cut short off as done', () => {
    const cwd = temporaryFolder()
    const quits = `setTimeout(() => process.exit(0), 1)\n${readFileSync(example('method'), 'utf8')}`
    writeFileSync(join(cwd, 'quits.mjs'), quits)
    const args = ['run', '-e', 'stability[n=8]', '-m', 'rank:*', '--plugin', './quits.mjs', '--out', 'out']
    const { code, err } = rankBench(args, { cwd })
    expect(err).toMatch(/was ended before its work was done/)
    expect(code).toBe(2)
  })
  test('that changes with a file it imports is measured again', () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'mine.mjs'), `import './part.mjs'\n${readFileSync(example('method'), 'utf8')}`)
    writeFileSync(join(cwd, 'part.mjs'), '1')
    const args = ['run', '-e', 'stability[n=8]', '-m', 'rank:cauchy-ranks', '--plugin', './mine.mjs', '--out', 'out']
    expect(rankBench(args, { cwd }).out).toContain('1 measured, 0 failed')
    writeFileSync(join(cwd, 'part.mjs'), '2')
    expect(rankBench(args, { cwd }).err).toContain('holds the run of another plan')
  })
  test('that is edited under a run fails the cells that would mix old and new', () => {
    const cwd = temporaryFolder()
    // It edits itself when it is first loaded: by the run, before the measuring process loads it again.
    const edit = `import { appendFileSync, readFileSync } from 'node:fs'
      const here = new URL(import.meta.url)
      if (!readFileSync(here, 'utf8').endsWith('edited')) appendFileSync(here, '\\n// edited')\n`
    writeFileSync(join(cwd, 'mine.mjs'), edit + readFileSync(example('method'), 'utf8'))
    const args = ['run', '-e', 'stability[n=8]', '-m', 'rank:cauchy-ranks', '--plugin', './mine.mjs', '--out', 'out']
    const { code } = rankBench(args, { cwd })
    expect(readFileSync(join(cwd, 'out/journal.jsonl'), 'utf8')).toMatch(/mine\.mjs changed under the run/)
    expect(code).toBe(3)
  })
  test('that cannot be loaded is a usage error that names it', () => {
    const { code, err } = rankBench(['list', 'methods', '--plugin', './nowhere.mjs'])
    expect(err).toMatch(/plug-in .*nowhere.mjs cannot be read/)
    expect(code).toBe(2)
  })
})
