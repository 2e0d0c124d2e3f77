/** What `evaluate` reads: judged documents from LETOR or TREC files, and rankings of them. */

import { readFileSync } from 'node:fs'
import type { RankingData } from '../core/dataset.ts'
import { dataError, usageError } from '../core/errors.ts'
import { readSvmlight } from '../datasets/letor/svmlight.ts'
import { joinRun, readQrels, readRun } from '../datasets/trec/judgements.ts'
import type { JudgedLists } from '../metrics/evaluate.ts'

export interface RankingFlags {
  labels?: string
  qrels?: string
  scores?: string
  run?: string
  feature?: number
  compare?: string[]
}

/** A ranking of the judged documents. */
export interface Ranking {
  readonly name: string
  readonly queries: readonly string[]
  readonly lists: JudgedLists
  /** What the reader of a number must know of the files. */
  readonly notes: readonly string[]
}

/** One finite number a line. @throws RankBenchError(data) with file and line */
export function parseScores(body: string, path: string, expected: number): Float64Array {
  const lines = body.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (lines.length !== expected) {
    throw dataError(
      `${path}: ${lines.length} scores for ${expected} documents; expected one number a line, in the order of the label file`,
    )
  }
  return Float64Array.from(lines, (line, i) => {
    const value = line.trim() === '' ? Number.NaN : Number(line)
    if (Number.isFinite(value)) return value
    throw dataError(`${path}, line ${i + 1}: "${line.slice(0, 40)}" is not a finite number`)
  })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw dataError(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`)
  }
}

/** Feature numbers are 1-based, as LETOR files write them. */
function featureColumn(data: RankingData, feature: number): Float64Array {
  if (feature < 1 || feature > data.width)
    throw usageError(`--feature ${feature}: the file has features 1 to ${data.width}`)
  return Float64Array.from({ length: data.labels.length }, (_, i) => data.features[i * data.width + feature - 1])
}

async function fromLabels(labels: string, flags: RankingFlags): Promise<Ranking[]> {
  if (flags.run !== undefined) throw usageError('--run is a TREC run: it goes with --qrels, not with --labels')
  const files = flags.compare ?? (flags.scores === undefined ? [] : [flags.scores])
  if (files.length === 0 && flags.feature === undefined)
    throw usageError('give either --scores <file> or --feature <i>')
  if (files.length > 0 && flags.feature !== undefined) throw usageError('give either --scores <file> or --feature <i>')
  const {
    queries,
    offsets,
    labels: grades,
    documents,
    ...data
  } = await readSvmlight(labels, {
    labelsOnly: flags.feature === undefined,
  })
  const judged = { offsets, labels: grades, ...(documents ? { documents } : {}) }
  const ranked = (name: string, scores: Float64Array): Ranking => ({
    name,
    queries,
    lists: { ...judged, scores },
    notes: [],
  })
  if (flags.feature !== undefined) {
    return [
      ranked(`feature ${flags.feature}`, featureColumn({ ...data, queries, offsets, labels: grades }, flags.feature)),
    ]
  }
  return files.map((file) => ranked(file, parseScores(readText(file), file, grades.length)))
}

const some = (queries: readonly string[]): string =>
  `${queries.slice(0, 3).join(', ')}${queries.length > 3 ? ', ...' : ''}`

async function fromQrels(path: string, flags: RankingFlags): Promise<Ranking[]> {
  if (flags.scores !== undefined || flags.feature !== undefined) {
    throw usageError('--scores and --feature go with --labels; with --qrels give --run <file>')
  }
  const files = flags.compare ?? (flags.run === undefined ? [] : [flags.run])
  if (files.length === 0) throw usageError('--qrels needs --run <file>')
  const qrels = await readQrels(path)
  const rankings: Ranking[] = []
  for (const file of files) {
    const { queries, missing, unjudged, ...lists } = joinRun(qrels, await readRun(file))
    const notes = [
      ...(missing.length > 0
        ? [`${file}: ${missing.length} judged queries have no ranking and count as empty ones (${some(missing)})`]
        : []),
      ...(unjudged.length > 0
        ? [`${file}: ${unjudged.length} ranked queries have no judgement and are left out (${some(unjudged)})`]
        : []),
    ]
    rankings.push({ name: file, queries, lists, notes })
  }
  return rankings
}

/** All rankings that were asked for, of the same judged documents. @throws RankBenchError(usage | data) */
export async function readRankings(flags: RankingFlags): Promise<Ranking[]> {
  const { labels, qrels } = flags
  if ((labels === undefined) === (qrels === undefined)) {
    throw usageError('give either --labels <LETOR file> or --qrels <TREC file>')
  }
  return labels === undefined ? fromQrels(qrels!, flags) : fromLabels(labels, flags)
}
