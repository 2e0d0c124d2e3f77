/** What a data set must keep to, so that a number measured on it means something tomorrow. */

import type { DataContext, Dataset, Fold, ListDataset, Part, RankingData, RankingDataset } from '../core/dataset.ts'
import { RankBenchError } from '../core/errors.ts'
import type { Params } from '../core/params.ts'
import type { Verdict } from './law.ts'

/** Problems found, each a sentence; none is a pass. */
type Problems = readonly string[]

const verdict = (law: string, problems: Problems): Verdict =>
  problems.length === 0
    ? { status: 'holds', law, rows: 1, kinks: 0, worst: 0 }
    : { status: 'broken', law, rows: 1, counterexample: problems[0] }

function offsetProblems(offsets: Uint32Array, items: number, what: string): string[] {
  const problems: string[] = []
  if (offsets[0] !== 0) problems.push(`${what}: offsets start at ${offsets[0]}; expected 0`)
  const falls = offsets.findIndex((offset, i) => i > 0 && offset < offsets[i - 1])
  if (falls >= 0) problems.push(`${what}: offset ${falls} is smaller than the one before it`)
  const end = offsets[offsets.length - 1]
  if (end !== items) problems.push(`${what}: the last offset is ${end}; expected ${items}, the number of items`)
  return problems
}

function finiteProblems(numbers: ArrayLike<number>, what: string): string[] {
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) return [`${what}: entry ${i} is ${numbers[i]}; expected a finite number`]
  }
  return []
}

const same = (a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean =>
  a.length === b.length && Array.from({ length: a.length }, (_, i) => i).every((i) => Object.is(a[i], b[i]))

function checkLists(dataset: ListDataset, params: Params): Verdict[] {
  const [first, again, other] = [1, 1, 2].map((seed) => dataset.generate(params, seed))
  return [
    verdict('offsets', offsetProblems(first.offsets, first.values.length, 'seed 1')),
    verdict('finite', finiteProblems(first.values, 'seed 1')),
    verdict('repeatable', same(first.values, again.values) ? [] : ['two calls with seed 1 give different values']),
    // Given numbers have no seed; only a data set that draws must draw anew.
    same(first.values, other.values)
      ? { status: 'not promised', law: 'seeded', reason: 'the same values for every seed' }
      : verdict('seeded', []),
  ]
}

function partProblems(data: RankingData, what: string): string[] {
  const documents = data.labels.length
  const negative = data.labels.findIndex((label) => label < 0)
  const repeated = data.queries.find((query, i) => data.queries.indexOf(query) !== i)
  return [
    ...offsetProblems(data.offsets, documents, what),
    ...(data.offsets.length === data.queries.length + 1 ? [] : [`${what}: ${data.queries.length} queries`]),
    ...(data.features.length === documents * data.width ? [] : [`${what}: ${data.features.length} feature values`]),
    ...finiteProblems(data.labels, `${what}: labels`),
    ...finiteProblems(data.features, `${what}: features`),
    ...(negative < 0 ? [] : [`${what}: label ${negative} is negative`]),
    ...(repeated === undefined ? [] : [`${what}: query ${repeated} occurs twice`]),
  ]
}

const parts: readonly Part[] = ['train', 'validation', 'test']

/** Queries of one part that also are in another: what is selected on would be reported on. */
function leakProblems(fold: Fold, name: string): string[] {
  return parts.flatMap((part, i) =>
    parts.slice(i + 1).flatMap((other) => {
      const known = new Set(fold[part].queries)
      const leaked = fold[other].queries.find((query) => known.has(query))
      return leaked === undefined ? [] : [`${name}: query ${leaked} is in ${part} and in ${other}`]
    }),
  )
}

async function checkRanking(dataset: RankingDataset, params: Params, context: DataContext): Promise<Verdict[]> {
  const folds = dataset.folds(params)
  const named = folds.length > 0 && new Set(folds).size === folds.length
  const digests = [await dataset.digest(params, context), await dataset.digest(params, context)]
  const [fold, again] = [await dataset.load(folds[0], params, context), await dataset.load(folds[0], params, context)]
  const repeated = parts.every(
    (part) => same(fold[part].labels, again[part].labels) && same(fold[part].features, again[part].features),
  )
  return [
    verdict('folds', named ? [] : [`folds are ${folds.join(', ') || 'none'}; expected different names`]),
    verdict('digest', digests[0] === digests[1] ? [] : ['two digests of the same data differ']),
    verdict(
      'parts',
      parts.flatMap((part) => partProblems(fold[part], `${folds[0]} ${part}`)),
    ),
    verdict('no leak', leakProblems(fold, folds[0])),
    verdict('repeatable', repeated ? [] : [`${folds[0]} loads differently the second time`]),
  ]
}

/** Laws of a data set at given parameters. Data that is not on this machine is inconclusive, with how to get it. */
export async function certifyDataset(dataset: Dataset, params: Params, context: DataContext): Promise<Verdict[]> {
  try {
    return dataset.kind === 'lists' ? checkLists(dataset, params) : await checkRanking(dataset, params, context)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // Data that is elsewhere, or that must first be named by a parameter, says nothing about its keeping of laws.
    const unread = error instanceof RankBenchError && (error.kind === 'absent' || error.kind === 'usage')
    return unread
      ? [{ status: 'inconclusive', law: 'loads', reason: message }]
      : [{ status: 'broken', law: 'loads', rows: 1, counterexample: message }]
  }
}
