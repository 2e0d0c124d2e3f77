/** One list in the order its scores give, under one tie rule: what every metric of the list reads. */

import { usageError } from '../core/errors.ts'
import { compareNames } from '../core/names.ts'
import type { Convention } from './convention.ts'
import { orderOf, tieEnd } from './order.ts'

export interface ScoredList {
  readonly labels: Float64Array
  readonly scores: Float64Array
  /** Document names, for ties=docid. */
  readonly documents: readonly string[] | undefined
  /** Labels of judged documents that the ranking leaves out. */
  readonly unranked?: Float64Array | undefined
}

export interface RankedList {
  /** Labels from the first position to the last. */
  readonly labels: Float64Array
  /** All judged labels sorted decreasingly: the best ranking. Longer than `labels` where the ranking leaves some out. */
  readonly ideal: Float64Array
  /** ties=average: end of the tie group of each position; otherwise undefined. */
  readonly groupEnds: Uint32Array | undefined
}

/** What of a convention the order depends on. */
export type OrderRule = Pick<Convention, 'ties' | 'scores' | 'labels'>

type Compare = (a: number, b: number) => number

/** Order of two documents with equal scores; 0 keeps file order. */
function tieBreak({ labels, documents }: ScoredList, ties: Convention['ties']): Compare {
  switch (ties) {
    case 'stable':
    case 'average':
      return () => 0
    case 'pessimistic':
      return (a, b) => labels[a] - labels[b]
    case 'optimistic':
      return (a, b) => labels[b] - labels[a]
    case 'docid': {
      if (!documents) {
        throw usageError(
          'ties=docid needs document names, and this data has none',
          'use ties=stable, e.g. ndcg@10:trec[ties=stable]',
        )
      }
      return (a, b) => compareNames(documents[b], documents[a])
    }
  }
}

/** Positions whose scores are equal form a group; every position is given the end of its group. */
function tieGroupEnds(scores: Float64Array, order: Uint32Array): Uint32Array {
  const ends = new Uint32Array(order.length)
  for (let start = 0; start < order.length; start = ends[start]) {
    const end = tieEnd(scores, order, start)
    ends.fill(end, start, end)
  }
  return ends
}

/** Labels of all judged documents, ranked or not; a copy. */
function judgedLabels({ labels, unranked }: ScoredList): Float64Array {
  if (!unranked) return labels.slice()
  const all = new Float64Array(labels.length + unranked.length)
  all.set(labels)
  all.set(unranked, labels.length)
  return all
}

/** The list as a tool holds it that keeps scores in single precision or labels as integers. */
function asKept(list: ScoredList, { scores, labels }: OrderRule): ScoredList {
  if (scores === 'f64' && labels === 'given') return list
  const kept = labels === 'given' ? (label: number) => label : Math.trunc
  return {
    ...list,
    labels: list.labels.map(kept),
    unranked: list.unranked?.map(kept),
    scores: scores === 'f64' ? list.scores : list.scores.map(Math.fround),
  }
}

/** Documents by decreasing score; equal scores by the tie rule, then by file order. */
export function rankList(given: ScoredList, rule: OrderRule): RankedList {
  const list = asKept(given, rule)
  const { labels, scores } = list
  const breakTie = tieBreak(list, rule.ties)
  const order = orderOf(labels.length, (a, b) => scores[b] - scores[a] || breakTie(a, b))
  const ranked = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) ranked[i] = labels[order[i]]
  return {
    labels: ranked,
    ideal: judgedLabels(list).sort().reverse(),
    groupEnds: rule.ties === 'average' ? tieGroupEnds(scores, order) : undefined,
  }
}

/**
 * The worth of the label at each of the first `depth` positions, or under ties=average the mean worth of its tie
 * group, which is the expectation over the orders of the group: McSherry and Najork, ECIR 2008, section 3.
 */
export function positionWorths(
  { labels, groupEnds }: RankedList,
  worth: (label: number) => number,
  depth: number,
): Float64Array {
  const worths = new Float64Array(depth)
  if (!groupEnds) {
    for (let i = 0; i < depth; i++) worths[i] = worth(labels[i])
    return worths
  }
  for (let start = 0; start < depth; start = groupEnds[start]) {
    const end = groupEnds[start]
    let sum = 0
    for (let i = start; i < end; i++) sum += worth(labels[i])
    worths.fill(sum / (end - start), start, end)
  }
  return worths
}

/** Metrics that are not linear in the order have no simple expectation over tied orders. */
export function requireOrdered({ groupEnds }: RankedList, metric: string): void {
  if (groupEnds)
    throw usageError(`${metric} is not defined under ties=average`, `use another tie rule, e.g. ${metric}[ties=stable]`)
}

/** Whether the list ends before the cutoff and the convention has no value there. */
export const endsShort = ({ labels }: RankedList, cutoff: number | undefined, { short }: Convention): boolean =>
  short === 'zero' && cutoff !== undefined && labels.length < cutoff
