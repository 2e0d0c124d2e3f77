/** Scored and judged documents of many queries, and the checks that keep a wrong column from becoming a number. */

import { valueError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import type { Metric } from './metric.ts'

/** File, line, query and name of a document. */
interface Places {
  ranked(document: number): string
  /** Where entry `index` of `unranked[row]` stands. */
  unranked?(row: number, index: number): string
}

export interface JudgedLists {
  /** List q owns documents offsets[q] up to offsets[q + 1]. */
  readonly offsets: Uint32Array
  readonly labels: ArrayLike<number>
  readonly scores: ArrayLike<number>
  /** Document names, one a document; conventions with ties=docid need them. */
  readonly documents?: readonly string[]
  /** Labels of judged documents that the ranking leaves out, list by list: the best ranking would hold them. */
  readonly unranked?: readonly Float64Array[]
  /** Names of the lists, for errors; without them these say row and index. */
  readonly queries?: readonly string[]
  /** Where documents stand, for errors. */
  readonly place?: Places
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

/** What the tool of a preset asks of labels. */
function limitsOf({ preset, limits }: Metric): LabelRule | undefined {
  if (!limits) return undefined
  const { whole = false, most = Number.POSITIVE_INFINITY, because } = limits
  const kind = whole ? 'a whole label' : 'a label'
  return {
    accepts: (label) => label <= most && (!whole || Number.isInteger(label)),
    expected: `${kind} from 0${most < Number.POSITIVE_INFINITY ? ` to ${most}` : ''} under ${preset}: ${because}`,
    hint: 'a convention that fits the labels: rank-bench list metrics',
  }
}

/** Query and document of number `at` where they have names, as people look for it in their files; else row and index. */
function whereIs({ offsets, queries, documents }: JudgedLists, at: number): string {
  let row = 0
  while (offsets[row + 1] <= at) row++
  const index = at - offsets[row]
  if (!queries) return `row ${row}, index ${index}`
  const name = documents ? `document ${printable(documents[at])}` : `document ${index + 1} of its list`
  return `query ${printable(queries[row])}, ${name}`
}

function requireLabels(lists: JudgedLists, { accepts, expected, hint }: LabelRule, owner: string, kept: Keep): void {
  const { labels, unranked, place } = lists
  const refused = (where: string, label: number) => valueError(`${where} is ${label}; expected ${expected}`, hint)
  for (let i = 0; i < labels.length; i++) {
    if (accepts(kept(labels[i]))) continue
    throw refused(place ? `${place.ranked(i)}: ${owner}the label` : `${owner}labels: ${whereIs(lists, i)}`, labels[i])
  }
  unranked?.forEach((rest, row) => {
    const index = rest.findIndex((each) => !accepts(kept(each)))
    if (index < 0) return
    const where = place?.unranked?.(row, index)
    throw refused(
      where ? `${where}: ${owner}the label` : `${owner}labels: row ${row}, a judged document that is not ranked,`,
      rest[index],
    )
  })
}

type Keep = (label: number) => number

/** Labels as the convention reads them. */
const keptBy = ({ convention }: Metric): Keep =>
  convention.labels === 'truncated' ? Math.trunc : (label: number) => label

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

function requireNumbers(lists: JudgedLists, what: 'scores' | 'labels'): void {
  const numbers = lists[what]
  for (let i = 0; i < numbers.length; i++) {
    if (Number.isFinite(numbers[i])) continue
    throw valueError(`${what}: ${whereIs(lists, i)} is ${numbers[i]}; expected a finite number`)
  }
}

/**
 * Scores are finite: minus infinity, which some tools read as "not retrieved", is refused too. Labels are 0 or more;
 * whole numbers where the metric raises 2 to them, since fractions there mean that a wrong column was read.
 * @throws RankBenchError(value) naming row and index
 */
export function requireJudged(metrics: readonly Metric[], lists: JudgedLists): void {
  requireLengths(lists)
  requireNumbers(lists, 'scores')
  requireNumbers(lists, 'labels')
  requireLabels(lists, anyMetric, '', (label) => label)
  for (const metric of metrics) {
    const rule = ruleOf(metric)
    if (rule) requireLabels(lists, rule, `${metric.text}: `, keptBy(metric))
  }
}

/**
 * Where numbers carry the name of a tool, labels are those that the tool takes. Training experiments do without: there
 * a preset is a definition, and its gains go on beyond the grades that a script lists.
 * @throws RankBenchError(value) naming metric, row and index
 */
export function requireToolLabels(metrics: readonly Metric[], lists: JudgedLists): void {
  for (const metric of metrics) {
    const rule = limitsOf(metric)
    if (rule) requireLabels(lists, rule, `${metric.text}: `, keptBy(metric))
  }
}

/** What the reader of a metric must know of its labels: that the tool, and so the metric, drops their fractions. */
export function labelNotes(metrics: readonly Metric[], { labels, unranked }: JudgedLists): string[] {
  const fractions =
    Array.prototype.filter.call(labels, (label: number) => !Number.isInteger(label)).length +
    (unranked ?? []).reduce((sum, rest) => sum + rest.filter((label) => !Number.isInteger(label)).length, 0)
  const dropping = metrics.filter(({ convention }) => convention.labels === 'truncated').map(({ text }) => text)
  if (fractions === 0 || dropping.length === 0) return []
  return [`${dropping.join(', ')}: ${fractions} labels lose their fraction, as the tool reads relevance as an integer`]
}
