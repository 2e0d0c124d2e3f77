/** Scored and judged documents of many queries, and the checks that keep a wrong column from becoming a number. */

import { type RankBenchError, valueError } from '../core/errors.ts'
import { requireFinite } from '../core/shape.ts'
import type { Metric } from './metric.ts'

export interface JudgedLists {
  /** List q owns documents offsets[q] up to offsets[q + 1]. */
  readonly offsets: Uint32Array
  readonly labels: ArrayLike<number>
  readonly scores: ArrayLike<number>
  /** Document names, one a document; conventions with ties=docid need them. */
  readonly documents?: readonly string[]
  /** Labels of judged documents that the ranking leaves out, list by list: the best ranking would hold them. */
  readonly unranked?: readonly Float64Array[]
  /** Where a document stands, for errors: file, line, query and name. Without it they say row and index. */
  readonly place?: (document: number) => string
}

/** 2^960 times 2^32 documents is still finite; a sum that overflows would be NaN, which means dropped. */
const largestExponent = 960
const largestLabel = 2 ** largestExponent

interface LabelRule {
  accepts(label: number): boolean
  readonly expected: string
  readonly hint?: string
}

const anyMetric: LabelRule = {
  accepts: (label) => label >= 0 && label <= largestLabel,
  expected: '0 or more',
}

const exponentialGain: LabelRule = {
  accepts: (label) => Number.isInteger(label) && label <= largestExponent,
  expected: `a whole grade up to ${largestExponent}, as gain=exp2 is 2^label - 1`,
  hint: 'labels that are not grades have linear gain: add [gain=linear]',
}

const stopping = (grade: number): LabelRule => ({
  accepts: (label) => Number.isInteger(label) && label <= grade,
  expected: `a whole grade, and none is above the largest grade ${grade}`,
  hint: 'name the largest grade of the scale, e.g. err[grade=4]',
})

/** What a metric asks of labels beyond being 0 or more. */
function ruleOf({ name, convention }: Metric): LabelRule | undefined {
  if (name === 'err') return stopping(convention.grade)
  const graded = name === 'dcg' || name === 'ndcg' || name === 'mean-ndcg'
  return graded && convention.gain === 'exp2' ? exponentialGain : undefined
}

function rowAndIndex({ offsets }: JudgedLists, at: number): string {
  let row = 0
  while (offsets[row + 1] <= at) row++
  return `row ${row}, index ${at - offsets[row]}`
}

function refusedLabel(lists: JudgedLists, at: number, rule: LabelRule, owner: string): RankBenchError {
  const label = lists.labels[at]
  const where = lists.place ? `${lists.place(at)}: ${owner}the label` : `${owner}labels: ${rowAndIndex(lists, at)}`
  return valueError(`${where} is ${label}; expected ${rule.expected}`, rule.hint)
}

function requireLabels(lists: JudgedLists, rule: LabelRule, owner: string): void {
  for (let i = 0; i < lists.labels.length; i++) {
    if (!rule.accepts(lists.labels[i])) throw refusedLabel(lists, i, rule, owner)
  }
}

function requireLengths({ offsets, labels, scores, documents }: JudgedLists): void {
  if (offsets.length === 0 || offsets[0] !== 0) throw valueError('offsets: expected them to start with 0')
  for (let q = 1; q < offsets.length; q++) {
    if (offsets[q] < offsets[q - 1]) throw valueError(`offsets: entry ${q} is ${offsets[q]}, below the one before it`)
  }
  const items = offsets[offsets.length - 1]
  if (labels.length !== items || scores.length !== items) {
    throw valueError(`${labels.length} labels and ${scores.length} scores for ${items} documents`)
  }
  if (documents && documents.length !== items) {
    throw valueError(`${documents.length} document names for ${items} documents`)
  }
}

/**
 * Scores are finite: minus infinity, which some tools read as "not retrieved", is refused too. Labels are 0 or more;
 * whole numbers where the metric raises 2 to them, since fractions there mean that a wrong column was read.
 * @throws RankBenchError(value) naming row and index
 */
export function requireJudged(metrics: readonly Metric[], lists: JudgedLists): void {
  requireLengths(lists)
  requireFinite(lists.scores, lists, 'scores')
  requireFinite(lists.labels, lists, 'labels')
  requireLabels(lists, anyMetric, '')
  for (const metric of metrics) {
    const rule = ruleOf(metric)
    if (rule) requireLabels(lists, rule, `${metric.text}: `)
  }
}
