import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { markdown } from '../../report/formats/markdown.ts'
import { type AgreementAnswers, parseAnswers } from './answers.ts'
import { agreementCells } from './cells.ts'
import { agreementLists } from './lists.ts'
import { agreementOf, agreementTables, offCells } from './tables.ts'

const folder = resolve('results/metrics-agreement')
const answers = parseAnswers(JSON.parse(gunzipSync(readFileSync(join(folder, 'answers.json.gz'))).toString()), folder)

describe('every metric under the name of a tool', () => {
  const agreement = agreementOf(answers)
  test('is what the tool answered, at every cutoff, on every list it has a value for', () => {
    expect(offCells(agreement).map(({ cell, largest, worst }) => `${cell.name}: ${largest} on ${worst}`)).toEqual([])
    expect(agreement.unasked.map(({ name }) => name)).toEqual([])
    expect(agreement.compared.length).toBe(agreementCells().length)
  })
  test('was held to it on ties, blanks, lists of one document and labels at the edge of what it takes', () => {
    const kinds = new Set(agreementLists(answers.seed).map(({ kind }) => kind))
    for (const kind of ['no relevant document', 'one document', 'labels 0 to 4, tied scores', 'fractional labels'])
      expect(kinds).toContain(kind)
    for (const { cell, lists } of agreement.compared)
      expect(lists, cell.name).toBeGreaterThan(cell.preset === 'scipy' ? 15 : 40)
  })
  test('is the table that is kept', () => {
    expect(existsSync(join(folder, 'report.md'))).toBe(true)
    const kept = readFileSync(join(folder, 'report.md'), 'utf8').split('\n')
    const verdicts = (lines: readonly string[]) => lines.filter((line) => line.includes('| same |')).length
    expect(verdicts(kept)).toBe(agreement.compared.length)
    expect(verdicts(markdown(agreementTables(agreement)).split('\n'))).toBe(agreement.compared.length)
  })
})

describe('a tool that answers something else', () => {
  const altered = (name: string, change: (values: (number | null)[]) => (number | null)[]): AgreementAnswers => ({
    ...answers,
    values: { ...answers.values, [name]: change([...answers.values[name]]) },
  })
  test('is off, with the kind of list', () => {
    const wrong = altered('map@2:lightgbm', (values) => values.map((value, q) => (q === 3 ? value! + 1e-9 : value)))
    expect(offCells(agreementOf(wrong)).map(({ cell, worst }) => [cell.name, worst])).toEqual([
      ['map@2:lightgbm', 'labels 0 and 1'],
    ])
  })
  test('is off where it has no value at all', () => {
    const silent = altered('p@5:ranklib', (values) => values.map(() => null))
    expect(offCells(agreementOf(silent)).map(({ cell }) => cell.name)).toEqual(['p@5:ranklib'])
  })
  test('is refused where it answered about other lists', () => {
    expect(() => agreementOf(altered('map:rax', (values) => values.slice(1)))).toThrow(/answers for \d+ lists/)
    expect(() => parseAnswers({ ...answers, seed: 'x' }, 'a.json')).toThrow('a.json: seed')
  })
  test('that was not asked leaves its cells unasked', () => {
    const { 'map:rax': _, ...values } = answers.values
    expect(agreementOf({ ...answers, values }).unasked.map(({ name }) => name)).toEqual(['map:rax'])
  })
})
