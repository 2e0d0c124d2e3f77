/**
 * Rankings that others published, document by document: one score a line, in the order of the fold's test file. They are not
 * part of this package; a user who has them puts them below the data root.
 */

import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { DataContext, PublishedRankings } from '../../core/dataset.ts'
import { absentError, dataError } from '../../core/errors.ts'
import { readBytes } from '../../files/read-bytes.ts'

const folder = 'letor40-scores'
const rankers = ['adarank', 'listnet', 'rankboost', 'ranknet', 'svm_rank']
const source = 'GitHub JasonWyse/letor40, baselines/<ranker>/data/<set>/Fold<k>/test_score'

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/** @throws RankBenchError(absent) with where it was looked for */
function pathOf(dataset: string, ranker: string, fold: string, { root }: DataContext): string {
  const expected = join(root ?? '<data root>', folder, ranker, dataset, `${fold}.txt`)
  const found = root === undefined ? undefined : [expected, `${expected}.gz`].find(isFile)
  if (found) return found
  throw absentError(
    `${expected} is not on this machine: published scores of ${ranker}, which are not part of this package`,
    `get them from ${source}, and put each file there as ${folder}/<ranker>/<mq2008 or ohsumed>/fold<k>.txt`,
  )
}

async function textOf(path: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of readBytes(path)) text += decoder.decode(bytes, { stream: true })
  return text + decoder.decode()
}

/** @throws RankBenchError(data) with file and line */
function parse(text: string, path: string): Float64Array {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return Float64Array.from(lines, (line, i) => {
    const value = line.trim() === '' ? Number.NaN : Number(line)
    if (Number.isFinite(value)) return value
    throw dataError(`${path}, line ${i + 1}: "${line.slice(0, 40)}" is not a finite number`)
  })
}

/** @param name folder of the data set among the scores */
export const publishedRankings = (name: string): PublishedRankings => ({
  rankers,
  async digest(ranker, fold, context) {
    const text = await textOf(pathOf(name, ranker, fold, context))
    return createHash('sha256').update(text).digest('hex').slice(0, 16)
  },
  async load(ranker, fold, context) {
    const path = pathOf(name, ranker, fold, context)
    return parse(await textOf(path), path)
  },
})
