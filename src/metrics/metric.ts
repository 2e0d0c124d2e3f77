/** Metric names: `ndcg@10:letor4`, `map:trec[ties=stable]`, `p@5[relevant=2]`. Parsed once, printed in full. */

import { usageError } from '../core/errors.ts'
import { suggest } from '../core/suggest.ts'
import { type Convention, describeConvention, presets, usual } from './convention.ts'
import { parseConvention } from './parse-convention.ts'

export const metricNames = [
  'dcg',
  'ndcg',
  'mean-ndcg',
  'map',
  'p',
  'recall',
  'mrr',
  'err',
  'spearman',
  'kendall',
  'pairwise-accuracy',
] as const
export type MetricName = (typeof metricNames)[number]

export interface Metric {
  /** Canonical name; parses back to the same metric. */
  readonly text: string
  readonly name: MetricName
  readonly cutoff: number | undefined
  readonly preset: string | undefined
  readonly convention: Convention
}

const needsCutoff = new Set<MetricName>(['p', 'recall'])
const takesCutoff = new Set<MetricName>(['dcg', 'ndcg', 'map', 'mrr', 'err', 'p', 'recall'])
/** Their value depends on nothing that a convention says. */
const needsNoConvention = new Set<MetricName>(['spearman', 'kendall', 'pairwise-accuracy'])

function parseName(word: string, text: string): MetricName {
  if ((metricNames as readonly string[]).includes(word)) return word as MetricName
  const near = suggest(word.toLowerCase(), metricNames)
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `names: ${metricNames.join(', ')}`
  throw usageError(`metric "${text}": no metric is called "${word}"`, hint)
}

function parseCutoff(word: string | undefined, name: MetricName, text: string): number | undefined {
  if (word === undefined) {
    if (needsCutoff.has(name)) throw usageError(`metric "${text}": ${name} needs a cutoff, e.g. ${name}@5`)
    return undefined
  }
  if (!takesCutoff.has(name)) throw usageError(`metric "${text}": ${name} takes no cutoff`)
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word)
  throw usageError(`metric "${text}": cutoff "${word}"; expected a whole number from 1`)
}

function baseConvention(preset: string | undefined, text: string): Convention {
  if (preset === undefined) return usual
  const found = presets.get(preset)
  if (found) return found
  const near = suggest(preset, presets.keys())
  throw usageError(
    `metric "${text}": no convention is called "${preset}"; presets: ${[...presets.keys()].join(', ')}`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'rank-bench list metrics',
  )
}

/** The canonical name: preset where there is one, overridden fields or the whole convention in brackets. */
export function formatMetric(metric: Omit<Metric, 'text'>): string {
  const head = `${metric.name}${metric.cutoff === undefined ? '' : `@${metric.cutoff}`}`
  if (metric.preset === undefined) {
    if (needsNoConvention.has(metric.name)) return head
    return `${head}[${describeConvention(metric.convention)}]`
  }
  const base = presets.get(metric.preset)!
  const changed = (Object.keys(usual) as (keyof Convention)[]).filter(
    (field) => base[field] !== metric.convention[field],
  )
  const fields = changed.map((field) => `${field}=${metric.convention[field]}`).join(',')
  return `${head}:${metric.preset}${fields ? `[${fields}]` : ''}`
}

/** @throws RankBenchError(usage) for an unknown name, cutoff or convention, and for a metric without a convention. */
export function parseMetric(text: string): Metric {
  const parts = /^([\w-]+)(?:@([^:[(]*))?(?::([\w-]*))?(?:\[([^[\]()]*)\]|\(([^[\]()]*)\))?$/.exec(text.trim())
  if (!parts) throw usageError(`metric "${text}" is not name@k:convention, e.g. ndcg@10:letor4`)
  const [, word, cutoffWord, preset, square, round] = parts
  const body = square ?? round
  const name = parseName(word, text)
  const cutoff = parseCutoff(cutoffWord, name, text)
  if (preset === undefined && body === undefined && !needsNoConvention.has(name)) {
    throw usageError(
      `metric "${text}" has no convention, and the same ranking has a different value under each; presets: ${[...presets.keys()].join(', ')}`,
      `write e.g. ${text}:letor4, or ${text}[gain=linear,blank=1]`,
    )
  }
  const convention = parseConvention(body ?? '', baseConvention(preset, text), text)
  const metric = { name, cutoff, preset, convention }
  return { ...metric, text: formatMetric(metric) }
}

/** A list separated by commas or plus signs outside brackets. */
export function parseMetrics(text: string): Metric[] {
  const parts: string[] = []
  let [depth, start] = [0, 0]
  for (let i = 0; i <= text.length; i++) {
    const character = text[i]
    if (character === '[' || character === '(') depth++
    else if (character === ']' || character === ')') depth--
    else if (i === text.length || (depth === 0 && (character === ',' || character === '+'))) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  const words = parts.map((part) => part.trim()).filter(Boolean)
  if (words.length === 0) throw usageError('no metric was named', 'e.g. ndcg@10:letor4,map:letor4')
  return words.map(parseMetric)
}
