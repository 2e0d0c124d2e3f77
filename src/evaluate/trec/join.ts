/** A run beside its judgements. */

import { printable } from '../../core/printable.ts'
import type { ByDocument } from './judgements.ts'

/** The lists of a run that are judged. */
interface JudgedRun {
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
  /** File, line, query and name of documents. */
  readonly place: {
    ranked(document: number): string
    unranked(row: number, index: number): string
  }
}

const placeIn = ({ label, queries, lines }: ByDocument, query: string, document: string): string =>
  `${label}, line ${lines[queries.get(query)!.get(document)!]}: query ${printable(query)}, document ${printable(document)}`

const noDocuments: ReadonlyMap<string, number> = new Map()

/**
 * Every judged query in the order of the qrels, whatever the run leaves out, as `trec_eval -c` counts. A document without a
 * judgement is not relevant; negative relevance, which some tracks use for junk, is 0.
 */
export function joinRun(qrels: ByDocument, run: ByDocument): JudgedRun {
  const queries = [...qrels.queries.keys()]
  const offsets = new Uint32Array(queries.length + 1)
  const [labels, scores, documents]: [number[], number[], string[]] = [[], [], []]
  const relevance = (entry: number | undefined): number => (entry === undefined ? 0 : Math.max(0, qrels.values[entry]))
  const unranked = queries.map((query, q) => {
    const [judged, ranked] = [qrels.queries.get(query)!, run.queries.get(query) ?? noDocuments]
    for (const [document, entry] of ranked) {
      labels.push(relevance(judged.get(document)))
      scores.push(run.values[entry])
      documents.push(document)
    }
    offsets[q + 1] = labels.length
    const left: number[] = []
    for (const [document, entry] of judged) if (!ranked.has(document)) left.push(relevance(entry))
    return Float64Array.from(left)
  })
  const queryOf = (document: number): string => {
    let q = 0
    while (offsets[q + 1] <= document) q++
    return queries[q]
  }
  return {
    queries,
    offsets,
    labels: Float64Array.from(labels),
    scores: Float64Array.from(scores),
    documents,
    unranked,
    missing: queries.filter((query) => !run.queries.has(query)),
    unjudged: [...run.queries.keys()].filter((query) => !qrels.queries.has(query)),
    place: {
      ranked(document) {
        const [query, name] = [queryOf(document), documents[document]]
        return placeIn(qrels.queries.get(query)!.has(name) ? qrels : run, query, name)
      },
      unranked(row, index) {
        const query = queries[row]
        const left = [...qrels.queries.get(query)!.keys()].filter((name) => !run.queries.get(query)?.has(name))
        return placeIn(qrels, query, left[index])
      },
    },
  }
}
