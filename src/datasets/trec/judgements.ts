/** TREC files: qrels, `query iteration document relevance`, and runs, `query Q0 document rank score tag`. */

import { dataError } from '../../core/errors.ts'
import { eachLine, finiteNumber } from './lines.ts'

/** Number of each document, query by query, in file order. */
export type ByDocument = Map<string, Map<string, number>>

async function read(
  path: string,
  columns: string,
  at: { readonly document: number; readonly value: number; readonly name: string },
): Promise<ByDocument> {
  const queries: ByDocument = new Map()
  let last = ''
  let documents = new Map<string, number>()
  await eachLine(path, columns, (words, line) => {
    const query = words[0]
    if (query !== last) {
      documents = queries.get(query) ?? new Map()
      queries.set(query, documents)
      last = query
    }
    const document = words[at.document]
    if (documents.has(document)) {
      throw dataError(`${path}, line ${line}: query ${query} has document ${document} twice; expected each once`)
    }
    documents.set(document, finiteNumber(words[at.value], path, line, at.name))
  })
  if (queries.size === 0) throw dataError(`${path}: no lines; expected ${columns}`)
  return queries
}

/** Relevance of documents. @throws RankBenchError(data) naming file and line */
export const readQrels = (path: string): Promise<ByDocument> =>
  read(path, 'query iteration document relevance', { document: 2, value: 3, name: 'relevance' })

/** Scores of documents; ranks are not looked at, as in trec_eval. @throws RankBenchError(data) naming file and line */
export const readRun = (path: string): Promise<ByDocument> =>
  read(path, 'query Q0 document rank score tag', { document: 2, value: 4, name: 'score' })

/** The lists of a run that are judged. */
export interface JudgedRun {
  readonly queries: readonly string[]
  readonly offsets: Uint32Array
  readonly labels: Float64Array
  readonly scores: Float64Array
  readonly documents: readonly string[]
  /** Labels of judged documents that the run does not hold, list by list. */
  readonly unranked: readonly Float64Array[]
  /** Queries with judgements but no ranking; their lists are empty. */
  readonly missing: readonly string[]
  /** Queries with a ranking but no judgements; they are left out. */
  readonly unjudged: readonly string[]
}

/**
 * Every judged query in the order of the qrels, whatever the run leaves out, as `trec_eval -c` counts. A document without a
 * judgement is not relevant; negative relevance, which some tracks use for junk, is 0.
 */
export function joinRun(qrels: ByDocument, run: ByDocument): JudgedRun {
  const queries = [...qrels.keys()]
  const offsets = new Uint32Array(queries.length + 1)
  const [labels, scores, documents]: [number[], number[], string[]] = [[], [], []]
  const unranked = queries.map((query, q) => {
    const [judged, ranked] = [qrels.get(query)!, run.get(query) ?? new Map<string, number>()]
    for (const [document, score] of ranked) {
      labels.push(Math.max(0, judged.get(document) ?? 0))
      scores.push(score)
      documents.push(document)
    }
    offsets[q + 1] = labels.length
    return Float64Array.from(
      [...judged].flatMap(([document, label]) => (ranked.has(document) ? [] : [Math.max(0, label)])),
    )
  })
  return {
    queries,
    offsets,
    labels: Float64Array.from(labels),
    scores: Float64Array.from(scores),
    documents,
    unranked,
    missing: queries.filter((query) => !run.has(query)),
    unjudged: [...run.keys()].filter((query) => !qrels.has(query)),
  }
}
