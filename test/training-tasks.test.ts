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

function ofRun(name: string): Protocol[] {
  const { cells } = JSON.parse(readFileSync(`results/${name}/run.json`, 'utf8')) as {
    cells: readonly { cell: Cell }[]
  }
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
  ['sorting-contest', () => loadConfig('sorting').suites.filter(isContest), undefined],
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
    expect(ofRun(folder)).toEqual(ofSuites(suites()))
  })
})
