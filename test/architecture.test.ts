/** Imports point one way. This test reads them and fails on an arrow that runs the wrong way. */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const source = resolve('src')

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
  datasets: ['files', 'core'],
  results: ['stats', 'core'],
  report: ['results', 'stats', 'core'],
  experiments: ['metrics', 'probe', 'report', 'results', 'stats', 'train', 'core'],
  check: ['measure', 'probe', 'report', 'core'],
  measure: ['engine', 'stats', 'core'],
  store: ['files', 'core'],
  config: ['files', 'core'],
  systems: ['probe', 'stats', 'core'],
  judge: ['config', 'metrics', 'registry.ts', 'report', 'results', 'stats', 'core'],
  evaluate: ['datasets', 'files', 'metrics', 'report', 'stats', 'systems', 'core'],
  run: [
    'config',
    'datasets',
    'files',
    'judge',
    'measure',
    'metrics',
    'registry.ts',
    'report',
    'results',
    'store',
    'systems',
    'core',
  ],
  // Composition roots: what the package exports, and what measuring processes load by URL.
  'index.ts': ['api', 'config', 'core', 'methods', 'plugins', 'run'],
  plugins: ['core', 'datasets', 'experiments', 'files', 'methods'],
  'registry.ts': ['datasets', 'experiments', 'methods', 'plugins'],
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
    'stats',
    'store',
    'systems',
    'train',
  ],
}

interface Import {
  readonly file: string
  readonly target: string
}

const room = (path: string): string => path.split('/')[0]
const isProduct = (file: string): boolean =>
  file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('.d.ts') && !file.endsWith('.as.ts')

function importsOf(file: string, text: string): Import[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map((match) => match[1])
  return specifiers.map((specifier) => ({
    file,
    target: specifier.startsWith('.') ? relative(source, resolve(dirname(join(source, file)), specifier)) : specifier,
  }))
}

const files = (readdirSync(source, { recursive: true }) as string[]).filter(isProduct)
const imports = files.flatMap((file) => importsOf(file, readFileSync(join(source, file), 'utf8')))
const isOwn = (each: Import) => each.target.endsWith('.ts')
const isPackage = (each: Import) => !isOwn(each) && !each.target.startsWith('node:')

const wrongWay = (each: Import): boolean => {
  const [from, to] = [room(each.file), room(each.target)]
  return from !== to && !(allowed[from] ?? []).includes(to)
}

describe('architecture', () => {
  test('every room of the house is known to this test', () => {
    expect([...new Set(files.map(room))].filter((name) => !(name in allowed))).toEqual([])
  })
  test('no import runs against the arrows', () => {
    const wrong = imports.filter(isOwn).filter(wrongWay)
    expect(wrong.map((each) => `${each.file} -> ${each.target}`)).toEqual([])
  })
  test('an arrow that is turned around is seen', () => {
    const [turned] = importsOf('core/cell.ts', "import { readJournal } from '../store/journal.ts'")
    expect(wrongWay(turned)).toBe(true)
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
    expect([...(users.get('apache-arrow') ?? [])].map(room).sort()).toEqual(['datasets', 'store'])
    expect([...new Set([...(users.get('zod') ?? [])].map(room))].sort()).toEqual(['config', 'report', 'systems'])
  })
  test('no array of any length is spread into arguments, which ends the process above some 120,000 of them', () => {
    const spread = /(\bMath\.(max|min)|\.push|\.unshift|\bString\.fromCharCode)\(([^()]*,\s*)?\.\.\./
    // Warnings of one measurement; values of one parameter that is searched.
    const bounded = ['measure/bench.ts', 'train/trials.ts']
    const found = files.filter((file) => spread.test(readFileSync(join(source, file), 'utf8')))
    expect(found.filter((file) => !bounded.includes(file))).toEqual([])
  })
  test('only measure reads a clock or starts a process of ours, besides systems, datasets, engine and cli', () => {
    const world = [
      'files',
      'measure',
      'store',
      'systems',
      'cli',
      'run',
      'evaluate',
      'datasets',
      'config',
      'plugins',
      'engine',
    ]
    const touching = imports.filter((each) => /^node:(child_process|fs|fs\/promises|worker_threads)$/.test(each.target))
    expect(touching.filter((each) => !world.includes(room(each.file))).map((each) => each.file)).toEqual([])
    const clocks = files.filter(
      (file) =>
        !world.includes(room(file)) &&
        /hrtime|performance\.now|Date\.now/.test(readFileSync(join(source, file), 'utf8')),
    )
    expect(clocks).toEqual([])
  })
})
