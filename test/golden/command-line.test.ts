/**
 * What the command line says, to the letter: the help of every verb, every list at 80 columns, and the errors of common mistakes.
 * After a change that was meant: `npm run build && npx vitest run test/golden -u`.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { formats } from '../../src/report/formats/formats.ts'
import { type Ended, rankBench, temporaryFolder } from '../harness.ts'

/** Every verb, and verbs of verbs, as typed. */
const verbsOf = ({ commands }: Command, above: readonly string[] = []): string[][] =>
  commands.flatMap((command) => [[...above, command.name()], ...verbsOf(command, [...above, command.name()])])

/** What differs from machine to machine. */
const machineFree = (text: string): string =>
  text
    .replaceAll(/(not JSON(?:: | \())[^)\n]*/g, '$1<what the parser says>')
    .replaceAll(/(what the machine\s+has\)\s+\(default:\s+)[\d.]+/g, '$1N')
    .replaceAll(/(\/[\w.-]+)+\/cache\b/g, '<cache>')

const fileOf = (words: readonly string[]): string => words.join('-').replaceAll(/[^\w.-]+/g, '_')

describe('help', () => {
  test.each(
    [[], ...verbsOf(createProgram(() => {}))].map((words) => [words.join(' ') || 'rank-bench', words] as const),
  )('%s', async (name, words) => {
    const { code, out } = rankBench([...words, '--help'])
    expect(code).toBe(0)
    await expect(machineFree(out)).toMatchFileSnapshot(`./help/${fileOf([name])}.txt`)
  })
})

describe('lists', () => {
  const lists = ['methods', 'datasets', 'experiments', 'metrics', 'configs', 'papers', 'runs']

  test.each(lists)('%s', async (list) => {
    const { code, out } = rankBench(['list', list, '--json'])
    expect(code).toBe(0)
    await expect(atEighty(out)).toMatchFileSnapshot(`./lists/${list}.txt`)
  })
  test('everything about one method', async () => {
    const { code, out } = rankBench(['list', 'methods', 'rank:sigmoid'])
    expect(code).toBe(0)
    await expect(out).toMatchFileSnapshot('./lists/methods-rank_sigmoid.txt')
  })
  test('claims that have some words', async () => {
    const { out } = rankBench(['list', 'claims', 'fast-soft-sort', '--json'])
    await expect(atEighty(out)).toMatchFileSnapshot('./lists/claims.txt')
  })
  test('peers, where none is installed', async () => {
    const { out } = rankBench(['peers', 'list', '--python', '/nonexistent/python'])
    await expect(machineFree(out)).toMatchFileSnapshot('./lists/peers.txt')
  })
})

interface Listed {
  readonly tables: readonly {
    readonly id: string
    readonly title: string
    readonly about: readonly string[]
    readonly columns: readonly string[]
    readonly rows: readonly Readonly<Record<string, { readonly text: string }>>[]
    readonly notes: readonly string[]
  }[]
}

/** Tables as a terminal of 80 columns shows them. */
function atEighty(json: string): string {
  const { tables } = JSON.parse(json) as Listed
  const shown = tables.map(({ columns, rows, ...table }) => ({
    ...table,
    columns: columns.map((title) => ({ title, align: 'left' as const })),
    rows: rows.map((row) => columns.map((title) => ({ text: row[title].text }))),
  }))
  return formats.terminal(shown, { width: 80 })
}

describe('errors', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'broken.json'), '{ "name": "broken", ')
  writeFileSync(join(folder, 'wrong.json'), '{ "name": "wrong", "suites": [{ "experiment": "latency", "data": [] }] }')
  writeFileSync(join(folder, 'labels.txt'), '2 qid:1 1:0.1\nx qid:1 1:0.2\n')
  writeFileSync(join(folder, 'scores.txt'), '1\n2\n')

  const mistakes: Readonly<Record<string, readonly string[]>> = {
    'an unknown verb': ['rnu'],
    'an unknown option': ['run', '--metod', 'rank:sigmoid'],
    'an unknown method': ['apply', 'rank:sigmod', '--values', '[5,1,2]'],
    'an unknown parameter': ['apply', 'rank:sigmoid[strenght=1]', '--values', '[5,1,2]'],
    'a parameter out of range': ['apply', 'rank:sigmoid[strength=-1]', '--values', '[5,1,2]'],
    'a selector that is not closed': ['apply', 'rank:sigmoid[strength=1', '--values', '[5,1,2]'],
    'several operators where one belongs': ['apply', 'rank:*', '--values', '[5,1,2]'],
    'values that are no numbers': ['apply', 'rank:sigmoid', '--values', '[5,null,2]'],
    'values that are no list': ['apply', 'rank:sigmoid', '--values', '5,1,2'],
    'labels that are missing': ['apply', 'loss:listnet', '--values', '[5,1,2]'],
    'labels of another length': ['apply', 'loss:listnet', '--values', '[5,1,2]', '--labels', '[1,0]'],
    'a config that is no JSON': ['run', '-c', 'broken.json'],
    'a config with an unknown key': ['run', '-c', 'wrong.json'],
    'an unknown config': ['run', '-c', 'quik'],
    'an unknown data set': ['run', '-e', 'latency', '-m', 'rank:sigmoid', '-d', 'sortin'],
    'an unknown experiment': ['run', '-e', 'latenci', '-m', 'rank:sigmoid'],
    'a plug-in that is not there': ['run', '-m', 'rank:sigmoid', '--plugin', './mine.mjs'],
    'no run in a folder': ['report', '.'],
    'an unknown format': ['report', '.', '--format', 'xml'],
    'a metric without a convention': [
      'evaluate',
      '--labels',
      'labels.txt',
      '--scores',
      'scores.txt',
      '--metrics',
      'ndcg@10',
    ],
    'a label that is no number': [
      'evaluate',
      '--labels',
      'labels.txt',
      '--scores',
      'scores.txt',
      '--metrics',
      'map:letor4',
    ],
    'a file that is not there': [
      'evaluate',
      '--labels',
      'none.txt',
      '--scores',
      'scores.txt',
      '--metrics',
      'map:letor4',
    ],
    'an unknown paper': ['reproduce', '--paper', 'letor3-ohsumd'],
    'an unknown claim': ['reproduce', '--claim', 'fast-soft-sort#99'],
    'data that is not here': ['data', 'verify', 'letor:mq2008'],
    'a part that is none of the whole': ['run', '--shard', '4/3'],
    'a part without a number': ['run', '--shard', 'a/b'],
    'a part that no scheduler tells': ['run', '--shard', 'auto', '--dry-run'],
    'costs of what is no run': ['run', '--shard', '1/2', '--costs', '.', '--dry-run'],
    'merging what is no run': ['merge', '.', '--out', 'merged'],
    'merging without a place': ['merge', '.'],
    'the state of what was not submitted': ['submit', 'status', '.'],
    'submitting without a place': ['submit', 'slurm', '-c', 'quick'],
    'a list of nothing': ['list', 'method'],
    'words that no row has': ['list', 'datasets', 'nowhere'],
  }

  const spoken = (args: readonly string[], { code, out, err }: Ended): string =>
    [`$ rank-bench ${args.join(' ')}`, out.trim(), err.trim(), `exit ${code}`].filter((part) => part !== '').join('\n')

  test('each says what was read, what was expected, and what to do next', async () => {
    const texts = Object.entries(mistakes).map(([what, args]) => {
      const ended = rankBench(args, { cwd: folder })
      expect(ended.code, what).not.toBe(0)
      expect(ended.code, what).not.toBe(70)
      return `# ${what}\n${machineFree(spoken(args, ended)).replaceAll(folder, '<folder>')}\n`
    })
    await expect(texts.join('\n')).toMatchFileSnapshot('./errors.txt')
  })
})
