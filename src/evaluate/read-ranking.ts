/** What `evaluate` reads: judged documents from LETOR or TREC files, and rankings of them. */

import type { RankingData } from '../core/dataset.ts'
import { usageError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import { groupFileOf, readGroupSizes } from '../datasets/letor/group-file.ts'
import { type ParsedFile, parseSvmlightFile } from '../datasets/letor/svmlight.ts'
import { fileLabel, readBytes } from '../files/read-bytes.ts'
import type { JudgedLists } from '../metrics/evaluate.ts'
import { readScores } from './read-scores.ts'
import { joinRun } from './trec/join.ts'
import { readQrels, readRun } from './trec/judgements.ts'

export interface RankingFlags {
  labels?: string
  qrels?: string
  scores?: string
  run?: string
  feature?: number
  compare?: string[]
  /** Sizes of the lists, for label files that do not name their queries. */
  groups?: string
  /** The label file numbers its features from 0. */
  zeroBased?: boolean
}

/** A ranking of the judged documents. */
export interface Ranking {
  readonly name: string
  readonly queries: readonly string[]
  readonly lists: JudgedLists
  /** What the reader of a number must know of the files. */
  readonly notes: readonly string[]
}

/** Feature numbers are those the file writes. */
function featureColumn(data: RankingData, feature: number, first: number): Float64Array {
  const column = feature - first
  if (column < 0 || column >= data.width)
    throw usageError(`--feature ${feature}: the file has features ${first} to ${data.width - 1 + first}`)
  return Float64Array.from({ length: data.labels.length }, (_, i) => data.features[i * data.width + column])
}

/** @throws RankBenchError(usage) for two ways of ranking, or none */
function requireOneRanking(flags: RankingFlags, files: readonly string[]): void {
  if (flags.run !== undefined) throw usageError('--run is a TREC run: it goes with --qrels, not with --labels')
  if (files.length > 0 !== (flags.feature !== undefined)) return
  throw usageError('give either --scores <file> or --feature <i>')
}

async function readLabels(path: string, { feature, groups, zeroBased }: RankingFlags): Promise<ParsedFile> {
  const sizes = groups ?? groupFileOf(path)
  return parseSvmlightFile(readBytes(path), fileLabel(path), {
    labelsOnly: feature === undefined,
    ...(zeroBased ? { zeroBased } : {}),
    ...(sizes === undefined ? {} : { groups: await readGroupSizes(sizes) }),
  })
}

/** File, line, query and name of a document. */
function placeIn(file: string, { data, lines }: ParsedFile): (document: number) => string {
  const { queries, offsets, documents } = data
  return (document) => {
    let q = 0
    while (offsets[q + 1] <= document) q++
    const name = documents?.[document] ?? `${document - offsets[q] + 1} of its list`
    return `${file}, line ${lines[document]}: query ${printable(queries[q])}, document ${printable(name)}`
  }
}

async function fromLabels(labels: string, flags: RankingFlags): Promise<Ranking[]> {
  const files = flags.compare ?? (flags.scores === undefined ? [] : [flags.scores])
  requireOneRanking(flags, files)
  const parsed = await readLabels(labels, flags)
  const { queries, offsets, labels: grades, documents, notes = [] } = parsed.data
  const judged = {
    offsets,
    labels: grades,
    place: { ranked: placeIn(fileLabel(labels), parsed) },
    ...(documents ? { documents } : {}),
  }
  const rankings: Ranking[] = []
  const add = (name: string, scores: Float64Array) =>
    rankings.push({ name, queries, lists: { ...judged, scores }, notes: rankings.length === 0 ? notes : [] })
  if (flags.feature !== undefined) {
    add(`feature ${flags.feature}`, featureColumn(parsed.data, flags.feature, flags.zeroBased ? 0 : 1))
  }
  for (const file of files) add(fileLabel(file), await readScores(file, parsed.data))
  return rankings
}

const some = (queries: readonly string[]): string =>
  `${queries.slice(0, 3).map(printable).join(', ')}${queries.length > 3 ? ', ...' : ''}`

async function fromQrels(path: string, flags: RankingFlags): Promise<Ranking[]> {
  if (flags.scores !== undefined || flags.feature !== undefined) {
    throw usageError('--scores and --feature go with --labels; with --qrels give --run <file>')
  }
  const files = flags.compare ?? (flags.run === undefined ? [] : [flags.run])
  if (files.length === 0) throw usageError('--qrels needs --run <file>')
  if (flags.groups !== undefined || flags.zeroBased) throw usageError('--groups and --zero-based go with --labels')
  const qrels = await readQrels(path)
  const rankings: Ranking[] = []
  for (const file of files) {
    const run = await readRun(file)
    const { queries, missing, unjudged, ...lists } = joinRun(qrels, run)
    const label = run.label
    const notes = [
      ...(rankings.length === 0 ? qrels.notes : []),
      ...run.notes,
      ...(missing.length > 0
        ? [`${label}: ${missing.length} judged queries have no ranking and count as empty ones (${some(missing)})`]
        : []),
      ...(unjudged.length > 0
        ? [`${label}: ${unjudged.length} ranked queries have no judgement and are left out (${some(unjudged)})`]
        : []),
    ]
    rankings.push({ name: label, queries, lists, notes })
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
