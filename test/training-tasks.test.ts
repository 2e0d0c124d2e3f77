/** What docs, configs and committed runs say about a training task is one and the same thing. */

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadConfig, loadPaper } from '../src/config/load.ts'
import type { Suite } from '../src/config/schema.ts'
import type { Cell } from '../src/core/cell.ts'
import { formatRef, resolveOne } from '../src/core/selector.ts'
import { experiments } from '../src/registry.ts'

const spaces = new Map([...experiments].map(([name, { params }]) => [name, params]))
const resolved = (selector: string): string => formatRef(resolveOne(selector, spaces, 'experiment'))

/** Experiment with every parameter, and the seeds of any of its suites. */
interface Protocol {
  readonly experiment: string
  readonly seeds: readonly number[]
}

const sorted = (seeds: Iterable<number>): number[] => [...new Set(seeds)].sort((a, b) => a - b)

function ofSuites(suites: readonly Suite[]): Protocol[] {
  const names = [...new Set(suites.map(({ experiment }) => resolved(experiment)))]
  return names.map((experiment) => ({
    experiment,
    seeds: sorted(
      suites.filter((suite) => resolved(suite.experiment) === experiment).flatMap(({ seeds }) => seeds ?? [1]),
    ),
  }))
}

function ofDocs(name: string): Protocol[] {
  const text = readFileSync('docs/training-tasks.md', 'utf8')
  return [...text.matchAll(/^([\w-]+)(\[.*\]) seeds ([\d ]+)$/gm)]
    .filter(([, experiment]) => experiment === name)
    .map(([, experiment, params, seeds]) => ({
      experiment: resolved(`${experiment}${params}`),
      seeds: sorted(seeds.split(' ').map(Number)),
    }))
}

/** @param experiment the one that is meant, of a run that holds others beside it */
function ofRun(name: string, experiment: string): Protocol[] {
  const { cells: all } = JSON.parse(readFileSync(`results/${name}/run.json`, 'utf8')) as {
    cells: readonly { cell: Cell }[]
  }
  const cells = all.filter(({ cell }) => cell.experiment.name === experiment)
  const names = [...new Set(cells.map(({ cell }) => formatRef(cell.experiment)))]
  return names.map((experiment) => ({
    experiment,
    seeds: sorted(cells.filter(({ cell }) => formatRef(cell.experiment) === experiment).map(({ cell }) => cell.seed)),
  }))
}

const isContest = ({ experiment }: Suite): boolean => experiment.startsWith('sorting-contest')
const isSorting = ({ experiment }: Suite): boolean => experiment.startsWith('sequence-sorting')

describe.each([
  ['label-ranking', () => loadPaper('blondel').config.suites, 'blondel'],
  ['robust-regression', () => loadConfig('robust-regression').suites, 'robust-regression'],
  ['sorting-contest', () => loadConfig('sorting').suites.filter(isContest), 'sorting'],
  ['topk-classification', () => loadConfig('topk').suites, 'topk'],
  ['median-regression', () => loadPaper('neuralsort-median').config.suites, 'neuralsort-median'],
  ['differentiable-knn', () => loadPaper('neuralsort-knn').config.suites, 'neuralsort-knn'],
  ['sequence-sorting', () => loadConfig('quick').suites.filter(isSorting), undefined],
] as const)('%s', (experiment, suites, folder) => {
  test('is in the docs what it is in the config', () => {
    expect(ofDocs(experiment)).toEqual(ofSuites(suites()))
  })
  // What a bare run does is measured by whoever runs it.
  if (folder === undefined) return
  const isKept = existsSync(`results/${folder}/run.json`)
  if (!isKept) console.log(`skipped: results/${folder} is not committed: it is not held to the config`)
  test.skipIf(!isKept)('is in the committed run what it is in the config', () => {
    expect(ofRun(folder, experiment)).toEqual(ofSuites(suites()))
  })
})

describe('large-MNIST, reduced', () => {
  const { config } = loadPaper('neuralsort@reduced')
  const { cut, protocols, suites } = config
  const docs = readFileSync('docs/training-tasks.md', 'utf8')
  test('is in the committed run what it is in the paper', () => {
    const run = JSON.parse(readFileSync('results/neuralsort/run.json', 'utf8')) as {
      config: { suites: readonly Suite[] }
    }
    expect(run.config.suites).toEqual(suites)
    expect(ofRun('neuralsort', 'sequence-sorting')).toEqual(ofSuites(suites))
  })
  test('is cut in the docs where it is cut in the paper; full is what was published', () => {
    const [reduced, full] = [protocols!.reduced.steps, protocols!.full.steps]
    expect(Number(full)).toBe(cut!.of)
    expect(docs).toContain(`(${reduced} steps of ${cut!.of.toLocaleString('en')})`)
    expect(cut!.of / cut!.epoch).toBe(200)
  })
  test('takes the softness that the short trainings beside it chose', () => {
    const softness = /(tau|alpha|epsilon|steepness|strength)=[^,\]]*/
    const familyOf = (operator: string) => operator.replace(softness, '').replace(/\[\]$/, '')
    const { tables } = JSON.parse(readFileSync('results/neuralsort/tables.json', 'utf8')) as {
      tables: readonly { title: string; rows: readonly Readonly<Record<string, { value: unknown }>>[] }[]
    }
    const rowsOf = (title: RegExp) => tables.find((table) => title.test(table.title))!.rows
    const validation = new Map(
      rowsOf(/^Learning to sort: .*steps=172/).map((row) => [String(row.operator.value), Number(row.validation.value)]),
    )
    const taken = rowsOf(/^Learning to sort: sequences\[base=images:mnist,n=3\]/).map((row) =>
      String(row.operator.value),
    )
    const plain = taken.filter((operator) => !operator.includes('gumbel'))
    expect(plain.length).toBe(8)
    for (const operator of plain) {
      const family = [...validation].filter(([each]) => familyOf(each) === familyOf(operator)).map(([, value]) => value)
      expect(family.length).toBeGreaterThanOrEqual(3)
      expect(validation.get(operator)).toBe(Math.max(...family))
    }
  })
})
