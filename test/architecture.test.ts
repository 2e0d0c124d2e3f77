/** Imports point one way, and the other laws of the house. Each is shown a violation that it must see. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { operatorNames } from '../src/core/operators.ts'
import { experiments } from '../src/experiments/registry.ts'
import { operators } from '../src/methods/registry.ts'
import { pythonSystems } from '../src/systems/python/adapters.ts'
import { circlesOf, unusedExports } from './house/graph.ts'
import { namesOutside, prefixesOutside, systemsInCode } from './house/names.ts'
import { functionsOf, type Import, importsOf, isKernel, parse, readSources, type Source } from './house/source.ts'

/** What each room may import from besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  stats: ['core'],
  metrics: ['core'],
  engine: ['core'],
  probe: ['core'],
  train: ['engine', 'stats', 'core'],
  methods: ['core', 'engine'],
  api: ['core', 'methods', 'probe'],
  files: ['core'],
  datasets: ['files', 'measure/clock.ts', 'core'],
  results: ['stats', 'core'],
  report: ['results', 'stats', 'core'],
  experiments: ['metrics', 'probe', 'report', 'results', 'stats', 'train', 'core'],
  check: ['measure', 'probe', 'report', 'core'],
  measure: ['engine', 'stats', 'core'],
  store: ['files', 'measure/clock.ts', 'core'],
  config: ['files', 'core'],
  systems: ['files', 'measure/clock.ts', 'probe', 'stats', 'core'],
  judge: ['config', 'metrics', 'registry.ts', 'report', 'results', 'stats', 'core'],
  evaluate: ['datasets', 'files', 'metrics', 'report', 'stats', 'systems', 'core'],
  run: [
    'config',
    'datasets',
    'files',
    'judge',
    'measure',
    'metrics',
    'plugins',
    'registry.ts',
    'report',
    'results',
    'stats',
    'store',
    'systems',
    'core',
  ],
  // Composition roots: what the package exports, and what measuring processes load by URL.
  'portable.ts': ['api', 'core', 'methods', 'plugins'],
  'browser.ts': ['engine', 'portable.ts'],
  'tfjs.ts': ['api', 'core'],
  'tfjs-browser.ts': ['browser.ts', 'tfjs.ts'],
  'index.ts': ['portable.ts', 'config', 'run'],
  plugins: ['core', 'datasets', 'experiments', 'files', 'methods'],
  'registry.ts': ['datasets', 'experiments', 'methods', 'plugins'],
  'one-fold': [
    'datasets',
    'experiments',
    'files',
    'measure',
    'metrics',
    'registry.ts',
    'report',
    'stats',
    'systems',
    'train',
    'core',
  ],
  submit: ['config', 'measure', 'report', 'store', 'core'],
  cli: [
    'api',
    'check',
    'config',
    'core',
    'datasets',
    'evaluate',
    'experiments',
    'files',
    'judge',
    'measure',
    'methods',
    'metrics',
    'registry.ts',
    'report',
    'results',
    'run',
    'one-fold',
    'stats',
    'store',
    'submit',
    'systems',
    'train',
  ],
}

const room = (path: string): string => path.split('/')[0]

const sources = readSources('src')
const product = sources.filter(({ file }) => !isKernel(file))
const imports = product.flatMap((source) => importsOf(source))
const isOwn = (each: Import) => each.target.endsWith('.ts')
const isPackage = (each: Import) => !isOwn(each) && !each.target.startsWith('node:')

/** A room may be named whole, or one file of it. */
const wrongWay = ({ file, target }: Import): boolean => {
  const [from, to] = [room(file), room(target)]
  const may = allowed[from] ?? []
  return from !== to && !may.includes(to) && !may.includes(target)
}

/** A file that stands nowhere, for a law to be tried on. */
const planted = (file: string, text: string): Source => parse(file, text)
const told = ({ file, line }: { file: string; line: number }): string => `${file}:${line}`

const linesOf = (text: string): number => text.trimEnd().split('\n').length

/** Kernels spell out what a register holds. */
const mostOfKernels = 80

describe('rooms', () => {
  test('every one is known to this test', () => {
    expect([...new Set(product.map(({ file }) => room(file)))].filter((name) => !(name in allowed))).toEqual([])
  })
  test('no import runs against the arrows', () => {
    const wrong = imports.filter(isOwn).filter(wrongWay)
    expect(wrong.map((each) => `${each.file} -> ${each.target}`)).toEqual([])
  })
  test('an arrow that is turned around is seen', () => {
    const [turned] = importsOf(planted('core/cell.ts', "import { readJournal } from '../store/journal.ts'"))
    expect(wrongWay(turned)).toBe(true)
    const [lazy] = importsOf(planted('stats/mean.ts', "const { run } = await import('../run/run.ts')"))
    expect(wrongWay(lazy)).toBe(true)
  })
  test('no circle of files', () => {
    expect(circlesOf(sources.map((source) => ({ file: source.file, imports: importsOf(source) })))).toEqual([])
  })
  test('a circle of three files is seen, also where one arrow is of types and one is lazy', () => {
    const circle = [
      planted('a.ts', "import type { B } from './b.ts'"),
      planted('b.ts', "export const c = async () => (await import('./c.ts')).c"),
      planted('c.ts', "export { a } from './a.ts'"),
      planted('d.ts', "import { a } from './a.ts'"),
    ]
    expect(circlesOf(circle.map((source) => ({ file: source.file, imports: importsOf(source) })))).toEqual([
      ['a.ts', 'b.ts', 'c.ts'],
    ])
  })
  test('each third-party package is imported in exactly one file', () => {
    const users = new Map<string, Set<string>>()
    for (const each of imports.filter(isPackage)) {
      const name = each.target
        .split('/')
        .slice(0, each.target.startsWith('@') ? 2 : 1)
        .join('/')
      users.set(name, (users.get(name) ?? new Set()).add(each.file))
    }
    // The verbs are one idea in several files; commander is theirs. Arrow stores caches on one side, samples on the other; zod
    // checks what users write and what scripts answer, and describes what programs read.
    const severalRooms = ['commander', 'apache-arrow', 'zod']
    const shared = [...users].filter(([name, by]) => by.size > 1 && !severalRooms.includes(name))
    expect(shared.map(([name, by]) => `${name}: ${[...by].join(', ')}`)).toEqual([])
    expect([...(users.get('commander') ?? [])].every((file) => file.startsWith('cli/'))).toBe(true)
    expect([...new Set([...(users.get('apache-arrow') ?? [])].map(room))].sort()).toEqual(['datasets', 'store'])
    expect([...new Set([...(users.get('zod') ?? [])].map(room))].sort()).toEqual(['config', 'report', 'systems'])
  })
  test('only some touch the world: files, processes, threads', () => {
    const world = [
      'files',
      'measure',
      'store',
      'systems',
      'cli',
      'run',
      'evaluate',
      'one-fold',
      'datasets',
      'config',
      'plugins',
      'engine',
    ]
    const touching = imports.filter((each) => /^node:(child_process|fs|fs\/promises|worker_threads)$/.test(each.target))
    expect(touching.filter((each) => !world.includes(room(each.file))).map((each) => each.file)).toEqual([])
  })
})

describe('names', () => {
  // Words that an experiment shares with something else: a data set and a discount are called letor too, a peer torchsort.
  const shared: Readonly<Record<string, readonly string[]>> = {
    letor: ['datasets/', 'metrics/'],
    'label-ranking': ['datasets/'],
    torchsort: ['systems/'],
  }
  const homes = new Map([...experiments.keys()].map((name) => [name, shared[name] ?? []]))
  test('an experiment is named in its own folder and the registry only', () => {
    expect(namesOutside(product, homes).map(({ file, line, text }) => `${told({ file, line })} '${text}'`)).toEqual([])
  })
  test('the name of an experiment in another room is seen', () => {
    const strangers = [
      planted('report/best.ts', "const own = entriesOf(run, 'stability')"),
      planted('experiments/speed/table.ts', "if (name === 'fidelity') throw new Error('speed')"),
    ]
    expect(namesOutside([...product, ...strangers], homes).map(({ text }) => text)).toEqual(['fidelity', 'stability'])
  })

  // Peers by name: where they are kept, and the experiment whose question is how fast they are beside us.
  // Some bear a name that is a word here: of a method, of a convention of metrics.
  const words = new Set(['lapsum', 'rax', 'allrank'])
  const peers = pythonSystems(undefined, []).shipped.filter((name) => !words.has(name))
  const peerHomes = ['core/system.ts', 'systems/', 'experiments/speed/']
  test('a system is compared with constants of core/system.ts, and a peer is named in its room', () => {
    expect(systemsInCode(product).map(told)).toEqual([])
    const found = product.flatMap((source) => prefixesOutside(source, peers, peerHomes))
    expect(found.map(told)).toEqual([])
  })
  test('a system that is compared with a text is seen', () => {
    const texts = [
      "const ours = cells.find(({ system }) => system === 'rank-bench')",
      "if (cell.system !== 'reference') skip()",
      "const planned = { ...cell, system: 'torchsort' }",
    ]
    expect(texts.map((text) => systemsInCode([planted('report/x.ts', text)]).length)).toEqual([1, 1, 1])
    expect(prefixesOutside(planted('report/x.ts', "known.has('torchsort')"), ['torchsort'], [])).toHaveLength(1)
  })

  // Methods are made of methods; what a search wrote; goals are of named operators; what is trained to be timed.
  const operatorHomes = [
    'methods/',
    'api/safe-ranges.ts',
    'core/method-ref.ts',
    'experiments/speed/targets.ts',
    'one-fold/table.ts',
  ]
  const operatorTexts = [...operators.keys(), ...operatorNames.map((name) => `${name}:`)]
  test('an operator is named among the methods only, and no name is taken apart but at the edge', () => {
    const found = product.flatMap((source) => prefixesOutside(source, operatorTexts, operatorHomes))
    expect(found.map(({ file, line, text }) => `${told({ file, line })} '${text}'`)).toEqual([])
  })
  test('an operator by name, and a name that is taken apart, are seen', () => {
    const texts = [
      "plan('rank:permutahedron')",
      "if (ref.name.startsWith('loss:')) bend()",
      'const isRank = /^rank:/.test(name)',
    ]
    const found = texts.map(
      (text) => prefixesOutside(planted('report/x.ts', text), operatorTexts, operatorHomes).length,
    )
    expect(found).toEqual([1, 1, 1])
  })
})

describe('files and functions', () => {
  const clocks = /hrtime|performance\.now|Date\.now|new Date\(\)/
  test('one clock: only measure/clock.ts asks how late it is', () => {
    const asking = product.filter(({ file, text }) => file !== 'measure/clock.ts' && clocks.test(text))
    expect(asking.map(({ file }) => file)).toEqual([])
  })
  test.each(['const start = Date.now()', 'process.hrtime.bigint()', 'performance.now()', 'stamp(new Date())'])(
    'the clock of `%s` is seen',
    (text) => expect(clocks.test(text)).toBe(true),
  )

  const mostOfCli = 60
  test('the command line prints: no file of cli but a verb is over 60 lines', () => {
    const long = product.filter(({ file, text }) => /^cli\/[^/]+$/.test(file) && linesOf(text) > mostOfCli)
    expect(long.map(({ file, text }) => `${file}: ${linesOf(text)}`)).toEqual([])
  })

  const mostOfFunctions = (file: string): number => (isKernel(file) ? mostOfKernels : 60)
  const tooLong = (all: readonly Source[]) =>
    all.flatMap((source) => functionsOf(source)).filter(({ file, lines }) => lines > mostOfFunctions(file))
  test('no function is over 60 lines, and none of a kernel over 80', () => {
    const found = tooLong(sources)
    expect(found.map(({ file, line, name, lines }) => `${file}:${line} ${name}: ${lines}`)).toEqual([])
  })
  test('a function that is too long is seen, whatever kind of function it is', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `  let v${i} = 0`).join('\n')
    const texts = [
      `function long() {\n${lines}\n}`,
      `const long = () => {\n${lines}\n}`,
      `const plan = {\n long() {\n${lines}\n}\n}`,
      `class A {\n long() {\n${lines}\n}\n}`,
    ]
    expect(texts.map((text) => tooLong([planted('api/x.ts', text)]).map(({ name, lines: of }) => [name, of]))).toEqual(
      texts.map(() => [['long', 62]]),
    )
    expect(tooLong([planted('methods/x/kernel.as.ts', `@inline\nfunction long<T>(): i32 {\n${lines}\n}`)])).toEqual([])
  })

  test('no array of any length is spread into arguments, which ends the process above some 120,000 of them', () => {
    const spread = /(\bMath\.(max|min)|\.push|\.unshift|\bString\.fromCharCode)\(([^()]*,\s*)?\.\.\./
    // Warnings of one measurement; values of one parameter that is searched.
    const bounded = ['measure/bench.ts', 'train/trials.ts']
    const found = product.filter(({ text }) => spread.test(text)).map(({ file }) => file)
    expect(found.filter((file) => !bounded.includes(file))).toEqual([])
  })
})

describe('exports', () => {
  // What a program imports, and what measuring processes load by URL.
  // The last two are loaded by URL.
  const entrances = ['index.ts', 'browser.ts', 'tfjs.ts', 'tfjs-browser.ts', 'registry.ts', 'systems/python/network.ts']
  const scripts = readdirSync('scripts')
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => parse(`../scripts/${name}`, readFileSync(join('scripts', name), 'utf8')))
  test('every name that a file gives away is taken by another, by a script of the build, or by users', () => {
    expect(unusedExports(product, scripts, entrances)).toEqual([])
  })
  test('a name that nobody takes is seen, and one that only its test takes', () => {
    const alone = [
      planted('stats/a.ts', 'export const used = 1\nexport const forItsTest = 2\nexport interface Nobody {}'),
      planted('stats/b.ts', "import { used } from './a.ts'\nconst b = used"),
    ]
    expect(unusedExports(alone, [], [])).toEqual(['stats/a.ts: forItsTest', 'stats/a.ts: Nobody'])
  })
})
