import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { tablesSchema } from '../src/report/formats/schema.ts'
import { binary, cleanEnvironment, rankBench, temporaryFolder } from './harness.ts'

/** Deterministic cells only, so that tables of two runs can be compared letter by letter. */
const training = {
  name: 'tiny',
  profile: 'quick',
  suites: [
    {
      experiment: 'letor[scorer=linear,trials=2,steps=40]',
      methods: ['loss:listnet', 'loss:ranknet', 'loss:listmle'],
      datasets: ['synthetic-letor[queries=40,features=6]'],
    },
  ],
}

const timing = {
  name: 'timing',
  profile: 'quick',
  suites: [
    {
      experiment: 'latency',
      methods: ['rank:permutahedron', 'loss:listnet'],
      datasets: ['sorting[n=20]'],
      precisions: ['f32'],
    },
    { experiment: 'torchsort', methods: ['rank:permutahedron'], datasets: ['sorting[n=20]'], precisions: ['f32'] },
    { experiment: 'letor', methods: ['loss:listnet'], datasets: ['letor:mq2008'] },
  ],
}

function folderWith(config: object): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  return folder
}

const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean)
/** Rows of the result tables; the last table names the time of the run. */
const rows = (report: string): string =>
  report
    .split('## This run')[0]
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .join('\n')

describe('rank-bench run', () => {
  let folder: string
  let first: ReturnType<typeof rankBench>
  beforeAll(() => {
    folder = folderWith(training)
    first = rankBench(['run', '-c', 'config.json', '--out', 'out'], { cwd: folder })
  })

  test('ends with exit 0, a readable table and one closing sentence', () => {
    expect(first.err).not.toMatch(/bug/)
    expect(first.code).toBe(0)
    expect(first.out).toMatch(/Ranking quality: letor\[.*steps=40.*\] on synthetic-letor/)
    expect(first.out).toMatch(/loss:listnet +0\.\d{4} ±0\.\d{4}/)
    expect(first.out.trimEnd().split('\n').at(-1)).toBe(
      'run: 15 measured, 0 failed, 0 timed out, 0 skipped, 0 incomplete — exit 0 (out)',
    )
  })

  test('leaves plan, seed, versions, environment and data digests behind', () => {
    const run = JSON.parse(readFileSync(join(folder, 'out/run.json'), 'utf8'))
    expect(run.cells).toHaveLength(15)
    expect(run.environment.stable.node).toBe(process.versions.node)
    expect(Object.values(run.dataDigests)).toHaveLength(1)
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['journal.jsonl', 'report.md', 'run.json', 'samples.arrow'])
  })

  test('measures nothing twice: the same command again only prints', () => {
    const before = lines(join(folder, 'out/journal.jsonl')).length
    const again = rankBench(['run', '-c', 'config.json', '--out', 'out'], { cwd: folder })
    expect(again.code).toBe(0)
    expect(again.err).toMatch(/15 visits kept, 0 to go/)
    expect(lines(join(folder, 'out/journal.jsonl'))).toHaveLength(before)
    expect(again.out).toBe(first.out)
  })

  test('measures again with --fresh, gets the same numbers, and keeps the earlier journal', () => {
    const fresh = rankBench(['run', '-c', 'config.json', '--out', 'out', '--fresh'], { cwd: folder })
    expect(fresh.out).toBe(first.out)
    expect(readdirSync(join(folder, 'out')).filter((file) => file.startsWith('journal.'))).toHaveLength(2)
  })

  test('refuses to mix two plans in one directory', () => {
    const other = rankBench(['run', '-e', 'latency', '-m', 'rank:sigmoid', '-d', 'sorting[n=10]', '--out', 'out'], {
      cwd: folder,
    })
    expect(other.code).toBe(2)
    expect(other.err).toMatch(/holds the run of another plan/)
  })

  test('survives kill -9 in the middle: finished cells are kept and the table is that of an undisturbed run', async () => {
    const victim = folderWith(training)
    const journal = join(victim, 'out/journal.jsonl')
    const child = spawn(process.execPath, [binary, 'run', '-c', 'config.json', '--out', 'out', '--jobs', '1'], {
      cwd: victim,
      env: cleanEnvironment(join(victim, 'cache')),
      stdio: 'ignore',
    })
    while (!existsSync(journal) || lines(journal).length < 4) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const kept = lines(journal).length
    expect(kept).toBeGreaterThanOrEqual(4)
    expect(kept).toBeLessThan(15)
    const resumed = rankBench(['run', '-c', 'config.json', '--out', 'out'], { cwd: victim })
    expect(resumed.code).toBe(0)
    expect(resumed.err).toMatch(new RegExp(`${kept} visits kept, ${15 - kept} to go`))
    expect(resumed.out).toBe(first.out)
    expect(rows(readFileSync(join(victim, 'out/report.md'), 'utf8'))).toBe(
      rows(readFileSync(join(folder, 'out/report.md'), 'utf8')),
    )
  })

  test('takes what another run finished of the same cells, and nothing else', () => {
    const wider = {
      ...training,
      name: 'wider',
      suites: [...training.suites, { ...training.suites[0], datasets: ['synthetic-letor[queries=45,features=6]'] }],
    }
    const other = folderWith(wider)
    const { code, err, out } = rankBench(['run', '-c', 'config.json', '--out', 'out', '--reuse', join(folder, 'out')], {
      cwd: other,
    })
    expect(err).toMatch(/15 visits kept, 15 to go/)
    expect(out).toContain('30 measured')
    expect(code).toBe(0)
    const missing = rankBench(['run', '-c', 'config.json', '--out', 'again', '--reuse', 'nowhere'], { cwd: other })
    expect(missing.err).toContain('nowhere holds no run')
  })

  test('a folder that was kept without its journal, as results/ are, resumes and is taken from its samples', () => {
    const kept = folderWith(training)
    cpSync(join(folder, 'out'), join(kept, 'out'), { recursive: true })
    rmSync(join(kept, 'out/journal.jsonl'))
    const taken = rankBench(['run', '-c', 'config.json', '--out', 'taken', '--reuse', 'out'], { cwd: kept })
    expect(taken.err).toMatch(/15 visits kept, 0 to go/)
    const resumed = rankBench(['run', '-c', 'config.json', '--out', 'out'], { cwd: kept })
    expect(resumed.err).toMatch(/15 visits kept, 0 to go/)
    expect(resumed.out).toBe(first.out)
  })

  test('stops on an interrupt with exit 130 and the line that resumes', async () => {
    const victim = folderWith(training)
    const journal = join(victim, 'out/journal.jsonl')
    const child = spawn(process.execPath, [binary, 'run', '-c', 'config.json', '--out', 'out', '--jobs', '1'], {
      cwd: victim,
      env: cleanEnvironment(join(victim, 'cache')),
    })
    let err = ''
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    while (!existsSync(journal) || lines(journal).length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect(code).toBe(130)
    expect(err).toMatch(/To resume: rank-bench run -c config\.json --out out/)
  })

  test('renders the stored run in every format', () => {
    const render = (format: string) =>
      rankBench(['report', 'out', '--format', format, '--conventions'], { cwd: folder }).out
    expect(render('markdown')).toMatch(/^\| loss \| .*ndcg@1:letor4 /m)
    expect(render('latex')).toMatch(/\\begin\{tabular\}\{lr+\}/)
    expect(render('csv')).toMatch(/^"?letor\/.*,loss:listnet,ndcg@10:letor4,0\.\d+,1,0\.\d+,0\.\d+,5,/m)
    const { tables } = tablesSchema.parse(JSON.parse(render('json')))
    const quality = tables.find(({ id }) => id.startsWith('letor/'))!
    expect(quality.rows[0].loss.value).toBe('loss:listnet')
    expect(quality.rows[0]['ndcg@10:letor4']).toMatchObject({ value: expect.any(Number), interval: {}, n: 5 })
    expect(render('terminal')).toMatch(/One ranking, every convention.*\n(.*\n)*.*allrank .*blank=1/)
  })
})

describe('rank-bench run, timed', () => {
  test('times forward, backward and both, and shows absent peers and data as rows with the command that helps', () => {
    const folder = folderWith(timing)
    const { code, out } = rankBench(['run', '-c', 'config.json', '--out', 'out', '--python', '/nonexistent/python'], {
      cwd: folder,
    })
    expect(code).toBe(0)
    expect(out).toMatch(
      /rank:permutahedron +sorting\[batch=1,n=20\] +f32 +[\d.]+ (ns|µs) ±\d+% +[\d.]+ (ns|µs) ±\d+% +[\d.]+ (ns|µs) ±\d+%/,
    )
    expect(out).toMatch(/peer not installed.*rank-bench peers install/)
    expect(out).toMatch(/data absent: .*letor:mq2008/)
    const visits = lines(join(folder, 'out/journal.jsonl')).map((line) => JSON.parse(line))
    expect(visits.map((visit) => visit.round).sort()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])
  }, 120_000)
})

describe('rank-bench run, misused', () => {
  test.each([
    [['run', '-e', 'latensy'], /no experiment matches "latensy"(.|\n)*did you mean latency/],
    [['run', '-m', 'rank:sigmod'], /did you mean rank:sigmoid/],
    [['run', '-c', 'nowhere.json'], /nowhere\.json/],
    [['run', '-c', 'quick', '-m', 'rank:lapsum'], /nothing is left of quick/],
    [['run', '--seed', '-1'], /whole number/],
    [['rum'], /run/],
    [['report', 'nowhere'], /nowhere holds no run/],
  ])('%j ends with exit 2 and says what to do', (args, message) => {
    const { code, err } = rankBench(args)
    expect(err).toMatch(message)
    expect(code).toBe(2)
  })
  test('names the path of an unknown key in a config', () => {
    const folder = folderWith({
      name: 'x',
      suites: [{ experiment: 'latency', methods: ['rank:*'], datasets: ['sorting'], sedes: [1] }],
    })
    const { code, err } = rankBench(['run', '-c', 'config.json'], { cwd: folder })
    expect(code).toBe(2)
    expect(err).toMatch(/suites\.0.*sedes/)
  })
  test('takes a shipped config by name where a folder of results is called the same', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'quick'))
    const { code, err } = rankBench(['run', '-c', 'quick', '--dry-run'], { cwd: folder })
    expect(err).toBe('')
    expect(code).toBe(0)
  })
  test('prints the plan and measures nothing with --dry-run', () => {
    const folder = temporaryFolder()
    const { code, out } = rankBench(['run', '--dry-run', '-m', 'rank:sigmoid[strength=0.1|1]', '-d', 'sorting[n=10]'], {
      cwd: folder,
    })
    expect(code).toBe(0)
    expect(out).toMatch(/plan: 2 cells, 0 skipped, 14 visits/)
    expect(existsSync(join(folder, 'runs'))).toBe(false)
  })
})
