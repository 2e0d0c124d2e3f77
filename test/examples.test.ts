/**
 * The example in the doc comment of every public function runs, and says what comes out.
 *
 *   call(...) // value           the value, as JavaScript would write it; 0.1679... stands for all numbers that begin so
 *   call(...) // throws 'text'   the error says that
 */

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import * as library from '../dist/index.js'
import { temporaryFolder } from './harness.ts'

const exported = /export \{([^}]*)\} from '([^']+)'/g

const starred = /export \* from '([^']+)'/g

/** File that a name comes from, through files that hand it on; undefined where they do not. */
function homeOf(name: string, file: string): string | undefined {
  const text = readFileSync(file, 'utf8')
  if (new RegExp(`^export (async function|function|const|class) ${name}\\b`, 'm').test(text)) return file
  const handed = [...text.matchAll(exported)].find(([, names]) =>
    names.split(/,\s*/).some((each) => each.trim() === name),
  )
  const behind = handed ? [handed[2]] : [...text.matchAll(starred)].map(([, from]) => from)
  const homes = behind.flatMap((from) => homeOf(name, join(dirname(file), from)) ?? [])
  return homes[0]
}

function examplesOf(name: string): readonly string[] {
  const text = readFileSync(homeOf(name, 'src/index.ts')!, 'utf8')
  const [above] = text.split(new RegExp(`^export (?:async function|function|const|class) ${name}\\b`, 'm'))
  if (!above.endsWith('*/\n')) return []
  const comment = above.slice(above.lastIndexOf('/**')).replaceAll(/^ \* ?/gm, '')
  return [...comment.matchAll(/@example\n```ts\n([\s\S]*?)```/g)].map(([, code]) => code)
}

/** A number whose first digits are known. */
class Begins {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }

  /** Whether it goes on from these digits, towards neither side of them. */
  fits(value: number): boolean {
    const step = 10 ** -(this.digits.split('.')[1]?.length ?? 0)
    const off = Math.abs(value) - Math.abs(Number(this.digits))
    return Math.sign(value) === Math.sign(Number(this.digits)) && off >= 0 && off < step
  }
}

/** Sums differ in their last digits between engines. */
const rounding = 1e-12

function same(actual: unknown, expected: unknown): boolean {
  if (expected instanceof Begins) return typeof actual === 'number' && expected.fits(actual)
  if (typeof actual === 'number' && typeof expected === 'number')
    return Math.abs(actual - expected) <= rounding * Math.max(1, Math.abs(expected))
  if (Array.isArray(expected)) {
    const list =
      Array.isArray(actual) || ArrayBuffer.isView(actual) ? Array.from(actual as ArrayLike<unknown>) : undefined
    return list?.length === expected.length && list.every((each, i) => same(each, expected[i]))
  }
  if (typeof expected === 'object' && typeof actual === 'object' && expected && actual) {
    const [own, wanted] = [Object.entries(actual), new Map(Object.entries(expected))]
    return own.length === wanted.size && own.every(([key, value]) => wanted.has(key) && same(value, wanted.get(key)))
  }
  return actual === expected
}

const begins = (digits: string) => new Begins(digits)

/** Code with a check in place of every line that says what comes out. */
function checked(code: string): string {
  return code.replaceAll(/^(\s*)(\S.*?) +\/\/ (.+)$/gm, (_line, space, call, said) => {
    if (call.startsWith('//')) return _line
    const says = JSON.stringify(said)
    const [, message] = said.match(/^throws ('.*')$/) ?? []
    if (message) return `${space}await refuses(async () => (${call}), ${message})`
    const expected = said.replaceAll(/-?\d+\.\d+(?=\.\.\.)/g, "begins('$&')").replaceAll(/(?<=\))\.\.\./g, '')
    return `${space}comesOut(${JSON.stringify(call)}, (${call}), (${expected}), ${says})`
  })
}

const checks = {
  begins,
  comesOut(call: string, actual: unknown, expected: unknown, says: string): void {
    expect.soft(same(actual, expected), `${call} is ${inspect(actual)}; the example says ${says}`).toBe(true)
  },
  refuses: async (call: () => Promise<unknown>, message: string) => expect(call()).rejects.toThrow(message),
}

const AsyncFunction = (async () => {}).constructor as new (...parts: string[]) => (...given: unknown[]) => Promise<void>

async function runExample(code: string): Promise<void> {
  const given = { ...library, ...checks, folder: join(temporaryFolder(), 'run') }
  await new AsyncFunction(...Object.keys(given), `{\n${checked(code)}\n}`)(...Object.values(given))
}

const functions = Object.entries(library).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []))

describe.each(functions)('%s', (name) => {
  const examples = examplesOf(name)

  test('has an example in its doc comment, which says what comes out', () => {
    expect(examples.length).toBeGreaterThan(0)
    expect(examples.join('\n')).toMatch(/\S.* \/\/ /)
  })

  test.each(examples)('%s', async (code) => {
    expect.hasAssertions()
    await runExample(code)
  })
})

describe('the examples are checked', () => {
  test.each([
    ['a number', 'softRank([5, 1, 2]) // [3, 1, 1]'],
    ['a digit', "rankingLoss('listnet', [2, 1, 0.5], [0, 2, 1]) // 1.4966..."],
    ['a sign', 'softSort([5, 1, 2], { strength: 1 }) // [-5 / 3, 8 / 3, 11 / 3]'],
    ['a length', 'softRank([5, 1, 2]) // [3, 1]'],
    ['a key', "apply('rank:sigmoid[strength=0]', [5, 1]) // { output: [2, 1], gradient: [0, 0] }"],
    ['a word', "suggestStrength('rank:sigmoid', [5, 1]).param // 'tau'"],
    ['an error that does not come', "softRank([5, 1]) // throws 'no'"],
  ])('%s that is wrong is seen', async (_what, code) => {
    const wrong: string[] = []
    const given = {
      ...library,
      begins,
      comesOut: (call: string, actual: unknown, expected: unknown) => same(actual, expected) || wrong.push(call),
      refuses: async (call: () => Promise<unknown>) => call().then(() => wrong.push('refuses')),
    }
    await new AsyncFunction(...Object.keys(given), checked(code))(...Object.values(given))
    expect(wrong).toHaveLength(1)
  })
})
