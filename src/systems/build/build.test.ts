import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sourceOf } from './kinds.ts'
import { otherVersion } from './version.ts'

const folder = mkdtempSync(join(tmpdir(), 'rank-bench-build-'))
const project = join(folder, 'project')
const cache = process.env.XDG_CACHE_HOME
const builds = join(folder, 'cache', 'rank-bench', 'builds')
const notes: string[] = []
const options = { note: (text: string) => void notes.push(text) }
const git = (...args: string[]) =>
  execFileSync('git', ['-C', project, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    encoding: 'utf8',
  }).trim()

const write = (name: string, text: string) => writeFileSync(join(project, name), text)

beforeAll(() => {
  process.env.XDG_CACHE_HOME = join(folder, 'cache')
  mkdirSync(project)
  git('init', '-q', '-b', 'main')
  write('package.json', '{"name": "mine", "version": "1.0.0", "scripts": {"build": "cat source.txt > built.txt"}}')
  write('source.txt', 'first\n')
  git('add', '.')
  git('commit', '-qm', 'first')
  write('source.txt', 'second\n')
  git('commit', '-qam', 'second')
  write('source.txt', 'not committed\n')
})
afterAll(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = cache
})

describe('another version', () => {
  test('is a folder, a state of the repository, or a package, in this order', () => {
    expect(sourceOf(project, folder)).toEqual({ kind: 'checkout', folder: project })
    expect(sourceOf('HEAD~1', project)).toMatchObject({ kind: 'ref', commit: git('rev-parse', 'HEAD~1') })
    expect(sourceOf('rank-bench@0.1.0', project)).toEqual({ kind: 'package', name: 'rank-bench', version: '0.1.0' })
    expect(sourceOf('@scope/mine@2.0.0-rc.1', project)).toMatchObject({ name: '@scope/mine', version: '2.0.0-rc.1' })
  })
  test.each(['no-such-ref', '--upload-pack=x', 'HEAD~99', 'Mine@'])(
    'is refused as %s, with what was expected',
    (text) => {
      expect(() => sourceOf(text, project)).toThrow(/neither a folder, nor a ref .* nor name@version/)
    },
  )
  test('of a git ref is written out and built, and leaves no trace in the repository', () => {
    const before = [git('status', '--porcelain'), git('worktree', 'list'), git('rev-parse', 'HEAD')]
    const version = otherVersion('HEAD~1', project, options)
    expect(readFileSync(join(version.root, 'built.txt'), 'utf8')).toBe('first\n')
    expect(version).toMatchObject({ name: 'HEAD~1', isBuild: false, content: git('rev-parse', 'HEAD~1').slice(0, 12) })
    expect([git('status', '--porcelain'), git('worktree', 'list'), git('rev-parse', 'HEAD')]).toEqual(before)
  })
  test('is built once: the same commit, by whatever name, is kept', () => {
    notes.length = 0
    const [one, two] = ['HEAD~1', git('rev-parse', 'HEAD~1')].map((text) => otherVersion(text, project, options))
    expect(one.root).toBe(two.root)
    expect(notes).toEqual([])
  })
  test('another way to build it is another folder', () => {
    const { root } = otherVersion('HEAD~1', project, { ...options, prepare: 'echo otherwise > built.txt' })
    expect(readFileSync(join(root, 'built.txt'), 'utf8')).toBe('otherwise\n')
  })
  test('that cannot be built says why, and leaves nothing half made', () => {
    const kept = readdirSync(builds)
    expect(() => otherVersion('HEAD', project, { ...options, prepare: 'echo no compiler >&2; exit 2' })).toThrow(
      /ended with 2 .*no compiler/s,
    )
    expect(readdirSync(builds)).toEqual(kept)
  })
  test('only the latest are kept', () => {
    for (let i = 0; i < 8; i++) otherVersion('HEAD', project, { ...options, prepare: `echo ${i}` })
    expect(readdirSync(builds).length).toBeLessThanOrEqual(6)
  })
  test('of this package must be built', () => {
    const bare = join(folder, 'bare')
    mkdirSync(bare)
    writeFileSync(join(bare, 'package.json'), '{"name": "rank-bench"}')
    expect(() => otherVersion(bare, folder, options)).toThrow(/is not built/)
    expect(existsSync(join(bare, 'dist'))).toBe(false)
  })
})
