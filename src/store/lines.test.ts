import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linesOf } from './lines.ts'

const path = join(mkdtempSync(join(tmpdir(), 'rank-bench-lines-')), 'file')

describe('lines of a file', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['\n\na', ['', '', 'a']],
    ['µ\nÄ\n', ['µ', 'Ä']],
  ])('%j', (text, lines) => {
    writeFileSync(path, text)
    expect([...linesOf(path)].map((line) => line.text)).toEqual(lines)
  })
  test('a missing file has none', () => {
    expect([...linesOf(`${path}-not-there`)]).toEqual([])
  })
  test('lines longer than what is read at once are whole, and each is where it says', () => {
    const long = ['x'.repeat(9_000_000), 'short', 'µ'.repeat(5_000_000), '']
    writeFileSync(path, long.join('\n'))
    const bytes = readFileSync(path)
    const lines = [...linesOf(path)]
    expect(lines.map(({ text }) => text)).toEqual(long.slice(0, 3))
    for (const { text, offset, length } of lines) {
      expect(bytes.toString('utf8', offset, offset + length) === text).toBe(true)
    }
  })
  test('any text comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '))), (lines) => {
        writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
        expect([...linesOf(path)].map(({ text }) => text)).toEqual(lines)
      }),
    )
  })
})
