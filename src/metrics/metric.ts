/** Metric names: `ndcg@10:letor4`, `map:trec[ties=stable]`, `p@5[relevant=2]`. Parsed once, printed in full. */

import { usageError } from '../core/errors.ts'
import { suggest } from '../core/suggest.ts'
import { type Convention, describeConvention, usual } from './convention.ts'
import { type MetricName, metricNames, needsNoConvention } from './names.ts'
import { parseConvention } from './parse-convention.ts'
import { type LabelLimits, type Measure, type Preset, presets } from './presets.ts'

export interface Metric {
  /** Canonical name; parses back to the same metric. */
  readonly text: string
  readonly name: MetricName
  readonly cutoff: number | undefined
  readonly preset: string | undefined
  readonly convention: Convention
  /** Labels that the tool of the preset takes; absent where it takes all that the metric does. */
  readonly limits?: LabelLimits
}

const needsCutoff = new Set<MetricName>(['p', 'recall'])
const takesCutoff = new Set<MetricName>(['dcg', 'ndcg', 'map', 'mrr', 'err', 'p', 'recall'])

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

function presetOf(name: string, text: string): Preset {
  const found = presets.get(name)
  if (found) return found
  const near = suggest(name, presets.keys())
  throw usageError(
    `metric "${text}": no convention is called "${name}"; presets: ${[...presets.keys()].join(', ')}`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'rank-bench list metrics',
  )
}

const cutoffMarks: Readonly<Record<Measure['cutoff'], string>> = { always: '@k', never: '', either: '[@k]' }

/** `ndcg@k, map`: the metrics of a tool. */
const measuresOf = ({ measures }: Preset): string =>
  Object.entries(measures)
    .map(([name, { cutoff }]) => `${name}${cutoffMarks[cutoff]}`)
    .join(', ')

/** @throws RankBenchError(usage) for a metric that the tool does not have, or not with or without a cutoff */
function measureOf(presetName: string, name: MetricName, cutoff: number | undefined, text: string): Measure {
  const preset = presetOf(presetName, text)
  const found = preset.measures[name]
  const note = preset.notes?.[name]
  const refuse = (why: string) =>
    usageError(
      `metric "${text}": ${why}${note ? ` (${note})` : ''}; ${presetName} has ${measuresOf(preset)}`,
      `a convention written out has any metric, e.g. ${name}${cutoff === undefined ? '' : `@${cutoff}`}[relevant=1]`,
    )
  if (!found) throw refuse(`${presetName} has no ${name}`)
  if (found.cutoff === 'never' && cutoff !== undefined) throw refuse(`${presetName} has ${name} without a cutoff only`)
  if (found.cutoff === 'always' && cutoff === undefined) throw refuse(`${presetName} has ${name} with a cutoff only`)
  return found
}

/** The canonical name: preset where there is one, overridden fields or the whole convention in brackets. */
function formatMetric(metric: Omit<Metric, 'text' | 'limits'>): string {
  const head = `${metric.name}${metric.cutoff === undefined ? '' : `@${metric.cutoff}`}`
  if (metric.preset === undefined) {
    if (needsNoConvention.has(metric.name)) return head
    return `${head}[${describeConvention(metric.convention)}]`
  }
  const base = presets.get(metric.preset)!.measures[metric.name]!.convention
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
  if (needsNoConvention.has(name) && (preset !== undefined || body !== undefined))
    throw usageError(`metric "${text}": ${name} reads no convention`, `write ${name}`)
  const measure = preset === undefined ? undefined : measureOf(preset, name, cutoff, text)
  const convention = parseConvention(body ?? '', measure?.convention ?? usual, text)
  const metric = { name, cutoff, preset, convention, ...(measure?.limits ? { limits: measure.limits } : {}) }
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
