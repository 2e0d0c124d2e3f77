/** A plan in shards, on one machine and in one folder that all of them share: measured, killed, gone on with, merged. */

import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { binary, cleanEnvironment, rankBench, temporaryFolder } from './harness.ts'
import { untimedAnswers, withoutTimes } from './same-but-times.ts'

const config = {
  name: 'parts',
  profile: 'quick',
  suites: [
    {
      experiment: 'letor[scorer=linear,trials=2,steps=40]',
      methods: ['loss:listnet', 'loss:ranknet'],
      datasets: ['synthetic-letor[queries=40,features=6]'],
      folds: ['fold1', 'fold2', 'fold3'],
    },
    { experiment: 'latency', methods: ['rank:sigmoid', 'sort:softsort'], datasets: ['sorting[n=10|20]'] },
    { experiment: 'torchsort', methods: ['rank:permutahedron'], datasets: ['sorting[n=20]'], precisions: ['f32'] },
    { experiment: 'example', methods: ['rank:permutahedron[strength=1|2]'], datasets: ['given[values=5x1x2]'] },
  ],
}

const read = (...parts: string[]): string => readFileSync(join(...parts), 'utf8')
const answers = (folder: string) => untimedAnswers(read(folder, 'run.json'), read(folder, 'journal.jsonl'))
const lines = (path: string): number => (existsSync(path) ? read(path).split('\n').filter(Boolean).length : 0)

describe('a plan in three shards', { timeout: 600_000 }, () => {
  let folder: string
  const call = (...words: string[]) => rankBench(words, { cwd: folder })
  const shard = (index: number) => call('run', '-c', 'config.json', '--shard', `${index}/3`, '--out', 'parts')
  const tablesOf = (run: string) => withoutTimes(call('report', run, '--format', 'json').out)

  beforeAll(() => {
    folder = temporaryFolder()
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
    expect(call('run', '-c', 'config.json', '--out', 'whole').code).toBe(0)
    expect(shard(1).code).toBe(0)
    expect(shard(3).code).toBe(0)
  }, 600_000)

  test('names what the shard that did not run owes, and goes on from there as any run does', () => {
    const merged = call('merge', 'parts', '--out', 'two-of-three')
    expect(merged.code).toBe(3)
    expect(merged.out).toMatch(/missing +[0-9a-f]{16} +/)
    expect(merged.err).toContain('to measure what is missing: rank-bench run -c config.json --out two-of-three')
    const missing = Number(/(\d+) missing/.exec(merged.out)![1])
    expect(missing).toBeGreaterThan(0)
    const resumed = call('run', '-c', 'config.json', '--out', 'two-of-three')
    expect(resumed.code).toBe(0)
    expect(resumed.err).toMatch(/resuming two-of-three: \d+ visits kept/)
    expect(answers(join(folder, 'two-of-three'))).toEqual(answers(join(folder, 'whole')))
    expect(tablesOf('two-of-three')).toEqual(tablesOf('whole'))
  })

  test('loses no finished visit where one is killed, and merges to what an undivided run measures', async () => {
    const journal = join(folder, 'parts', 'shard-2-of-3', 'journal.jsonl')
    const words = ['run', '-c', 'config.json', '--shard', '2/3', '--out', 'parts', '--jobs', '1']
    const victim = spawn(process.execPath, [binary, ...words], {
      cwd: folder,
      env: cleanEnvironment(join(folder, 'cache')),
      stdio: 'ignore',
    })
    while (lines(journal) < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    victim.kill('SIGKILL')
    await new Promise((resolve) => victim.once('exit', resolve))
    const kept = read(journal).split('\n').filter(Boolean)
    const again = shard(2)
    expect(again.code).toBe(0)
    expect(again.err).toMatch(new RegExp(`${kept.length} visits kept`))
    expect(read(journal).split('\n').slice(0, kept.length)).toEqual(kept)

    const merged = call('merge', 'parts', '--out', 'merged')
    expect(merged.out).toMatch(/0 failed, 0 missing, 0 double, 0 with two answers — exit 0 \(merged\)/)
    expect(answers(join(folder, 'merged'))).toEqual(answers(join(folder, 'whole')))
    expect(tablesOf('merged')).toEqual(tablesOf('whole'))
  })

  test('merges the same bytes in another order, and again over what is there', () => {
    const parts = [3, 1, 2].map((index) => join('parts', `shard-${index}-of-3`))
    expect(call('merge', ...parts, '--out', 'turned').code).toBe(0)
    expect(call('merge', ...parts, 'turned', '--out', 'turned').code).toBe(0)
    for (const file of ['run.json', 'journal.jsonl', 'samples.arrow'])
      expect(readFileSync(join(folder, 'turned', file)).equals(readFileSync(join(folder, 'merged', file))), file).toBe(
        true,
      )
  })

  test('a merged run that is whole measures nothing again', () => {
    const before = read(folder, 'merged', 'journal.jsonl')
    const again = call('run', '-c', 'config.json', '--out', 'merged')
    expect(again.err).toMatch(/, 0 to go/)
    expect(again.code).toBe(0)
    expect(read(folder, 'merged', 'journal.jsonl')).toBe(before)
  })

  test('reports a shard as a run of its own, which says what part it is', () => {
    const { out, code } = call('report', join('parts', 'shard-2-of-3'), '--format', 'markdown')
    expect(code).toBe(0)
    expect(out).toMatch(/\| shard +\| 2\/3/)
  })

  test('says of the folder of shards what to do with it', () => {
    const { err, code } = call('report', 'parts')
    expect(code).toBe(2)
    expect(err).toMatch(/parts holds no run \(no run\.json\)\n.*rank-bench merge parts --out/)
  })

  test('refuses a shard of another number, another plan, or of other costs, in the same folder', () => {
    const other = call('run', '-c', 'config.json', '--shard', '1/4', '--out', 'parts')
    expect(other.code).toBe(2)
    expect(other.err).toMatch(/parts holds shards of 3, and this would be 1\/4/)
    const plan = call('run', '-c', 'config.json', '--seed', '2', '--shard', '1/3', '--out', 'parts')
    expect(plan.err).toMatch(/parts holds shards of another plan/)
    const costs = call('run', '-c', 'config.json', '--costs', 'whole', '--shard', '1/3', '--out', 'parts')
    expect(costs.err).toMatch(
      /were dealt by the protocol and declared growth, this one by what the cells of a run took/,
    )
  })

  test('more shards than groups leaves some empty, which is no error', () => {
    mkdirSync(join(folder, 'many'))
    const one = { name: 'one', suites: [config.suites[3]] }
    writeFileSync(join(folder, 'one.json'), JSON.stringify(one))
    for (const index of [1, 2, 3]) {
      const { code } = call('run', '-c', 'one.json', '--shard', `${index}/3`, '--out', 'many')
      expect(code).toBe(0)
    }
    expect(readdirSync(join(folder, 'many'))).toHaveLength(3)
    expect(call('merge', 'many', '--out', 'many-merged').out).toMatch(/3 runs of 1 machine, 2 cells: 2 measured/)
  })
})
