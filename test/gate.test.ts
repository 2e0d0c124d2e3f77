/** rank-bench gate, compare, history and doctor through the real binary. Commands print planted numbers: nothing here waits for a clock. */

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binary, cleanEnvironment, rankBench, temporaryFolder } from './harness.ts'

const folder = temporaryFolder()
const gate = (...args: string[]) => rankBench(['gate', '--no-progress', ...args], { cwd: folder })
const prints = (text: string) => `printf '${text}\\n'`
const lastLine = (out: string) => out.trimEnd().split('\n').at(-1)!
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('exit codes of a gate', () => {
  test('0: nothing is worse by its limit', () => {
    const { code, out } = gate('--command', prints('work: 101 ms'), '--command-before', prints('work: 100 ms'))
    expect(lastLine(out)).toMatch(
      /^gate: passed: 0 regressed, 0 inconclusive, 0 improved, 1 equivalent, 0 not measured — exit 0 /,
    )
    expect(code).toBe(0)
  })
  test('1: something is, and fresh runs say so too', () => {
    const { code, out } = gate('--command', prints('work: 110 ms'), '--command-before', prints('work: 100 ms'))
    expect(out).toMatch(/\+10\.0 %: worse by more than 3 %, and again in \d+ fresh rounds/)
    expect(lastLine(out)).toMatch(/exit 1/)
    expect(code).toBe(1)
  })
  test('1: also where more is better and there is less', () => {
    const words = ['--command', prints('accuracy: 0.80'), '--command-before', prints('accuracy: 0.90')]
    expect(gate(...words, '--higher', 'acc*', '--limit', 'accuracy=0.005').code).toBe(1)
    expect(gate(...words, '--limit', 'accuracy=0.005').code).toBe(0)
  })
  test('2: what is asked for cannot be understood', () => {
    expect(gate('-m', 'rank:sigmoid')).toMatchObject({
      code: 2,
      err: expect.stringContaining('nothing to compare with'),
    })
    expect(gate('--against', '.', '-m', 'rank:sigmoid')).toMatchObject({
      code: 2,
      err: expect.stringContaining('both sides would be the same'),
    })
    expect(gate('--against', 'nowhere')).toMatchObject({ code: 2, err: expect.stringContaining('neither a folder') })
    expect(gate('--command', 'true', '--limit', 'time=fast')).toMatchObject({
      code: 2,
      err: expect.stringContaining('a share such as 3%'),
    })
    expect(gate('--command', 'true', '--command', 'true', '--command-before', 'true').code).toBe(2)
    expect(gate('one-run')).toMatchObject({ code: 2, err: expect.stringContaining('expected two') })
  })
  test('3: the later version gives no number', () => {
    const { code, out } = gate('--command', 'echo broken >&2; exit 7', '--command-before', prints('work: 1'))
    expect(out).toMatch(/exit 7: broken/)
    expect(code).toBe(3)
  })
  test('4: there is nothing to compare with, and that is no pass unless it is asked to be', () => {
    const words = ['--command', prints('work: 1'), '--command-before', 'exit 1']
    expect(gate(...words)).toMatchObject({ code: 4, out: expect.stringContaining('the earlier version has no number') })
    expect(gate(...words, '--allow-missing').code).toBe(0)
  })
  test('4: too few rounds to say, with what it would take', () => {
    const words = ['--command', prints('work: 110'), '--command-before', prints('work: 100'), '--rounds', '4']
    expect(gate(...words)).toMatchObject({
      code: 4,
      out: expect.stringMatching(/may be worse; about \d+ rounds? more/),
    })
    expect(gate(...words, '--allow-inconclusive').code).toBe(0)
  })
})

test('130: interrupted, and what it had started ends too', async () => {
  const child = spawn(
    process.execPath,
    [binary, 'gate', '--no-progress', '--command', 'sleep 61.25', '--command-before', 'true'],
    {
      cwd: folder,
      env: cleanEnvironment(join(folder, 'cache')),
    },
  )
  await new Promise((resolve) => setTimeout(resolve, 3000))
  child.kill('SIGINT')
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code).toBe(130)
  expect(spawnSync('pgrep', ['-f', 'sleep 61.25'], { encoding: 'utf8' }).stdout).toBe('')
}, 30_000)

test('a limit that fits no number is said, and is no pass', () => {
  const words = ['--command', prints('work: 1 ms'), '--command-before', prints('work: 1 ms')]
  const { code, out } = gate(...words, '--limit', 'wrok=1%')
  expect(out).toMatch(/wrok.*no number is called so/)
  expect(code).toBe(4)
})

test('a share of what is below 0 is no verdict', () => {
  const words = ['--command', prints('score: -2'), '--command-before', prints('score: -1')]
  expect(gate(...words)).toMatchObject({ code: 4, out: expect.stringMatching(/score is below 0.*give an amount/) })
  expect(gate(...words, '--limit', 'score=0.5').code).toBe(0)
})

describe('what a gate writes', () => {
  const words = [
    '--command',
    prints('work: 120 ms\\nsize: 3 MB'),
    '--command-before',
    prints('work: 100 ms\\nsize: 3 MB'),
  ]
  const files = [
    '--json',
    'r.json',
    '--junit',
    'r.xml',
    '--markdown',
    'r.md',
    '--badge',
    'b.json',
    '--benchmark-json',
    'g.json',
    '--bencher-json',
    'n.json',
    '--history',
    'h.jsonl',
    '--github',
  ]
  const { out } = gate(...words, ...files)
  test('every round, for programs', () => {
    const result = JSON.parse(read('r.json'))
    const work = result.rows.find(({ metric }: { metric: string }) => metric === 'work')
    expect(work).toMatchObject({ verdict: 'regressed', unit: 'ns', before: 100e6, after: 120e6, evidence: 'rounds' })
    expect(work.differences.length).toBe(work.pairs)
  })
  test('JUnit, where what cannot be told is no success', () => {
    expect(read('r.xml')).toMatch(/<testsuites tests="2" failures="1" errors="0">/)
    expect(read('r.xml')).toMatch(/<failure type="regressed" message="\+20\.0 %: worse by more than 3 %/)
  })
  test('annotations on standard output, and the text of a comment', () => {
    expect(out).toMatch(/^::error title=regressed%3A .*::work: \+20\.0 %25: worse by more than 3 %25/m)
    expect(read('r.md')).toMatch(/^<!-- rank-bench gate -->\n\*\*gate: regressed: /)
  })
  test('what other services read', () => {
    expect(JSON.parse(read('g.json'))).toContainEqual(expect.objectContaining({ unit: 'ns', value: 120e6 }))
    expect(Object.values(JSON.parse(read('n.json')))).toEqual([
      { work: expect.objectContaining({ value: 120e6 }), size: expect.objectContaining({ value: 3e6 }) },
    ])
    expect(JSON.parse(read('b.json'))).toMatchObject({ schemaVersion: 1, message: 'regressed', color: 'red' })
  })
  test('a history that only grows, and what change-point detection reads', () => {
    gate(...words, '--history', 'h.jsonl')
    expect(read('h.jsonl').trim().split('\n')).toHaveLength(2)
    const history = rankBench(['history', 'h.jsonl', '--otava', 'no-such-otava'], { cwd: folder })
    expect(history.out).toMatch(/pip install apache-otava/)
    expect(read('gate-history/history.csv')).toMatch(/^time,commit,\w+work,\w+size\n/)
    expect(JSON.parse(read('gate-history/otava.yaml')).tests.gate).toMatchObject({ type: 'csv', time_column: 'time' })
    expect(read('gate-history/gate-history.svg')).toMatch(/^<svg/)
  })
  test('limits of a file, the last that fits', () => {
    writeFileSync(join(folder, 'policy.json'), '{"limits": [{"metric": "work", "limit": "30%", "because": "a test"}]}')
    expect(gate(...words, '--policy', 'policy.json').code).toBe(0)
    writeFileSync(join(folder, 'policy.json'), '{"limits": [{"metric": "work", "most": 3}]}')
    expect(gate(...words, '--policy', 'policy.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('limits.0'),
    })
  })
})

describe('a project of somebody else', () => {
  const project = join(folder, 'theirs')
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', project, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args])
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{"name": "theirs", "version": "1.0.0"}')
  writeFileSync(join(project, 'bench.sh'), '#!/bin/sh\ncat speed.txt\n', { mode: 0o755 })
  writeFileSync(join(project, 'speed.txt'), 'parse: 10 ms\n')
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-qm', 'parse')
  const theirs = (...args: string[]) =>
    rankBench(['gate', '--no-progress', '--command', './bench.sh', '--against', 'HEAD', ...args], { cwd: project })

  test('need be no package: a folder with another version is enough', () => {
    const [old, young] = ['old', 'young'].map((name) => join(folder, name))
    for (const [place, text] of [
      [old, 'work: 10 ms'],
      [young, 'work: 12 ms'],
    ]) {
      mkdirSync(place)
      writeFileSync(join(place, 'speed.txt'), `${text}\n`)
    }
    expect(
      rankBench(['gate', '--no-progress', '--command', 'cat speed.txt', '--against', '../old'], { cwd: young }).code,
    ).toBe(1)
  })
  test('fails on a slower working copy and passes when it is restored', () => {
    writeFileSync(join(project, 'speed.txt'), 'parse: 11 ms\n')
    expect(theirs().code).toBe(1)
    writeFileSync(join(project, 'speed.txt'), 'parse: 10 ms\n')
    expect(theirs().code).toBe(0)
  })
})

describe('an experiment of somebody else', () => {
  const project = join(folder, 'study')
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', project, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args])
  const studyOf = (score: number) => `export default () => ({ experiments: [{
    name: 'mine', version: 1, question: 'how good?', params: {}, timed: false,
    measures: { accuracy: { unit: '1', better: 'higher', meaning: 'share' } },
    takes: { operators: ['rank'], data: 'lists' },
    plan: (scope) => scope.methods.map((method) => ({ system: 'rank-bench', method, dataset: scope.datasets[0], split: '', seed: 1, precision: 'f64' })),
    run: async () => [{ metric: 'accuracy', unit: '1', better: 'higher', value: ${score} }],
  }] })`
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{"name": "study", "version": "1.0.0", "type": "module"}')
  writeFileSync(join(project, 'study.mjs'), studyOf(0.9))
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-qm', 'study')
  const words = [
    'gate',
    '--no-progress',
    '--plugin',
    './study.mjs',
    '-e',
    'mine',
    '-m',
    'rank:sigmoid',
    '--against',
    'HEAD',
  ]
  const study = () => rankBench(words, { cwd: project })

  test('is measured on each side as it is there: a result below its bound fails', () => {
    writeFileSync(join(project, 'study.mjs'), studyOf(0.89))
    const { code, out } = study()
    expect(out).toMatch(/accuracy\s+0\.9\s+0\.89\s+\+0\.01\s+0\.005\s+regressed/)
    expect(code).toBe(1)
    writeFileSync(join(project, 'study.mjs'), studyOf(0.9))
    expect(study().code).toBe(0)
  })
})

const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.warn('two Pythons are not compared: there is no python3 here')

test.skipIf(!python)(
  'a peer is compared between two Pythons, each side in a process of its own',
  () => {
    const { code, out, err } = gate(
      ...['--peer', resolve('examples/peer.py'), '-e', 'speed[beside=pure-python]', '-m', 'rank:sigmoid'],
      ...['-d', 'sorting[n=5]', '--python', 'python3', '--python-before', 'python3', '--rounds', '2'],
    )
    expect(out).toMatch(/python3 \(Python 3\.[^)]*\) against python3 \(Python 3\./)
    expect(out).toMatch(/time\.forward.*inconclusive/)
    expect(err).not.toMatch(/warning: Possible|MaxListeners/)
    expect(code).toBe(4)
  },
  60_000,
)

describe('stored runs', () => {
  const run = (name: string) =>
    rankBench(
      [
        'run',
        '--no-progress',
        '-m',
        'rank:sigmoid',
        '-d',
        'sorting[n=10]',
        '--profile',
        'quick',
        '--fresh',
        '--save',
        name,
      ],
      { cwd: folder },
    )
  test('are kept under a name, and not compared across machines', () => {
    expect(run('main').err).toMatch(/saved as baselines.main/)
    const elsewhere = join(folder, 'baselines', 'elsewhere')
    cpSync(join(folder, 'baselines', 'main'), elsewhere, { recursive: true })
    const file = join(elsewhere, 'run.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"cpu": "[^"]*"/, '"cpu": "another"'))
    const across = gate('elsewhere', 'main')
    expect(across.out).toMatch(/measured on another machine \(cpu another, now .*--against measures both here/)
    expect(across.code).toBe(4)
  })
  test('three processes a run are too few for a verdict: that is said, and is no pass', () => {
    expect(gate('main', 'main', '--pass', '0.01')).toMatchObject({
      code: 4,
      out: expect.stringContaining('--against measures both side by side'),
    })
    const compared = rankBench(['compare', 'main', 'main'], { cwd: folder })
    expect(lastLine(compared.out)).toMatch(/^compare: /)
    expect(compared.code).toBe(0)
  })
  test('that are not there are named, with what would make them', () => {
    expect(gate('mian', 'main')).toMatchObject({ code: 2, err: expect.stringMatching(/mian is neither .*main/s) })
  })
})

test('a kernel that takes three times as long fails the gate of a pull request; restored, nothing is worse', () => {
  const builds = join(folder, 'builds')
  const plant = (...args: string[]) =>
    execFileSync(process.execPath, [resolve('scripts/gate-proof/plant.mjs'), ...args], { encoding: 'utf8' }).trim()
  const [base, same] = ['base', 'same'].map((name) => plant(join(builds, name)))
  const slow = plant(builds, 'rank:permutahedron', '200')
  const gateOf = (build: string) =>
    spawnSync(
      process.execPath,
      [
        join(build, 'bin', 'rank-bench.js'),
        'gate',
        '--no-progress',
        '--against',
        base,
        '-m',
        'rank:permutahedron',
        '-d',
        'sorting[n=100]',
        '--limit',
        'time*=50%',
        '--rounds',
        '12',
      ],
      { cwd: folder, encoding: 'utf8', env: cleanEnvironment(join(folder, 'cache')) },
    )
  const slowed = gateOf(slow)
  expect(slowed.stdout).toMatch(/time\.forward\s.*regressed/)
  expect(slowed.status).toBe(1)
  // On a machine under load a time may stay open; what is unchanged is never called worse.
  const restored = gateOf(same)
  expect(restored.stdout).toMatch(/gate: \w+: 0 regressed/)
}, 240_000)

test('doctor names the smallest limit that this machine holds', () => {
  const { code, out } = rankBench(['doctor', '--rounds', '2', '--no-progress'], { cwd: folder })
  expect(out).toMatch(/smallest limit that a gate holds\s+\d+\.\d %/)
  expect(lastLine(out)).toMatch(/^doctor: noise \d+\.\d % a pair, smallest limit \d+\.\d % — exit 0/)
  expect(code).toBe(0)
}, 60_000)

test('the decision rule says what it is worth, without measuring', () => {
  const { out, code } = gate('--simulate', '20', '--command', 'true')
  expect(out).toMatch(/heavy\s+0 %\s+0\.0 %/)
  expect(code).toBe(0)
}, 60_000)
