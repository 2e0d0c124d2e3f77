import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { digestOfModule } from './digest.ts'

let folder: string
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const digest = () => digestOfModule(join(folder, 'mine.mjs'))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rank-bench-plugin-'))
  mkdirSync(join(folder, 'lib'))
})

describe('the digest of a plug-in', () => {
  test.each([
    ['import', "import { a } from './lib/a.mjs'"],
    ['a bare import', "import './lib/a.mjs'"],
    ['export from', "export * from './lib/a.mjs'"],
    ['dynamic import', "const { a } = await import('./lib/a.mjs')"],
    ['require, without the ending', "const { a } = require('./lib/a')"],
    ['a worker by address', "new Worker(new URL('./lib/a.mjs', import.meta.url))"],
    ['import of data', "import a from './lib/a.json' with { type: 'json' }"],
  ])('changes with a file reached by %s', (_how, text) => {
    write('mine.mjs', text)
    for (const ending of ['mjs', 'js', 'json']) write(`lib/a.${ending}`, '1')
    const before = digest()
    for (const ending of ['mjs', 'js', 'json']) write(`lib/a.${ending}`, '2')
    expect(digest()).not.toBe(before)
  })
  test('changes with what its imports import, and ends where they import each other', () => {
    write('mine.mjs', "import './lib/a.mjs'")
    write('lib/a.mjs', "import './b.mjs'")
    write('lib/b.mjs', "import './a.mjs'; import '../mine.mjs'")
    const before = digest()
    write('lib/b.mjs', "import './a.mjs'; 'changed'")
    expect(digest()).not.toBe(before)
  })
  test('does not change with files beside it, or packages that are not there', () => {
    write('mine.mjs', "import 'somewhere'; import fs from 'node:fs'; import './not-here.mjs'")
    const before = digest()
    write('lib/a.mjs', '1')
    expect(digest()).toBe(before)
  })
})
