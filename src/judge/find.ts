/** Claims of papers, found and judged in a run. */

import type { Claim } from '../config/claims.ts'
import { loadClaims } from '../config/claims.ts'
import { loadPaper } from '../config/load.ts'
import type { ClaimRule, PaperConfig, ReferenceRule } from '../config/schema.ts'
import type { PublishedRow } from '../core/claim.ts'
import { usageError } from '../core/errors.ts'
import { rankerRef, resolveMethod, type Subject } from '../core/method-ref.ts'
import type { ParamSpace } from '../core/params.ts'
import type { Observation } from '../core/result.ts'
import { type Catalogue, formatRef, type Ref, resolveOne } from '../core/selector.ts'
import { parseMetric } from '../metrics/metric.ts'
import { datasets, experiments, operators } from '../registry.ts'
import { foldMeans } from '../results/fold-means.ts'
import { type Entry, observation, type RunData } from '../results/view.ts'
import { judgeClaim } from './verdict.ts'

const spacesOf = (entries: ReadonlyMap<string, { readonly params: ParamSpace }>): Catalogue =>
  new Map([...entries].map(([name, entry]) => [name, entry.params]))

interface Target {
  readonly experiment: Ref
  readonly method: Subject
  readonly dataset: Ref
  readonly metric: string
}

const applies = (claim: Claim, { when }: { readonly when: Readonly<Record<string, string>> }): boolean =>
  Object.entries(when).every(([column, value]) => claim[column as keyof Claim] === value)

const rankerPrefix = 'ranker:'

/** Rankers of the baseline experiment are not operators. */
const methodOf = (selector: string): Subject =>
  selector.startsWith(rankerPrefix)
    ? rankerRef(selector.slice(rankerPrefix.length))
    : resolveMethod(selector, spacesOf(operators))

/** Names under which papers print a metric of one convention only, and the conventions that are this one. */
const printedConventions: readonly (readonly [printed: RegExp, presets: readonly string[]])[] = [
  [/\(LETOR\)/, ['letor3', 'letor4']],
  [/\(allRank/, ['allrank']],
]

/**
 * A number printed under one convention is not compared with one measured under another.
 * @throws RankBenchError(usage) for such a rule, and for a metric that names no convention
 */
export function requireConvention(claim: Pick<Claim, 'id' | 'metric'>, metric: string): void {
  for (const [printed, presets] of printedConventions) {
    if (!printed.test(claim.metric)) continue
    const measured = parseMetric(metric).text.split(':')[1]
    if (presets.some((preset) => measured.startsWith(preset))) continue
    throw usageError(
      `claim ${claim.id} is ${claim.metric}, and its rule compares it with ${metric}; expected convention ${presets.join(' or ')}`,
      'rank-bench list metrics',
    )
  }
}

function targetOf(claim: Claim, rule: ClaimRule): Target {
  const metric = rule.metric.replaceAll('{at}', claim.at)
  const experiment = resolveOne(rule.experiment, spacesOf(experiments), 'experiment')
  requireConvention(claim, metric)
  return {
    experiment,
    method: methodOf(rule.method),
    dataset: resolveOne(rule.dataset, spacesOf(datasets), 'dataset'),
    metric,
  }
}

const cellsOf = (run: RunData, target: Target, implementation: string): Entry[] =>
  run.entries.filter(
    ({ cell }) =>
      cell.implementation === implementation &&
      formatRef(cell.experiment) === formatRef(target.experiment) &&
      formatRef(cell.method) === formatRef(target.method) &&
      formatRef(cell.dataset) === formatRef(target.dataset),
  )

/** The good side of a number is said where it is measured: a score has one, a printed example is right or wrong. */
const betterOf = (cells: readonly Entry[], metric: string): Observation['better'] =>
  cells.flatMap(({ result }) => observation(result, metric)?.better ?? [])[0] ?? 'neither'

export interface JudgedPaper {
  readonly key: string
  readonly config: PaperConfig
  readonly rows: readonly PublishedRow[]
}

/** A published number of a method that is not ours. */
function referenceRow(claim: Claim, { dataset, metric }: ReferenceRule): PublishedRow {
  const none = { ours: undefined, difference: undefined, tolerance: undefined }
  return {
    claim,
    ref: { experiment: '', method: '', dataset, metric: metric.replaceAll('{at}', claim.at) },
    foldMeans: [],
    judgement: { verdict: claim.verified === 'memory' ? 'recalled' : 'reference', ...none },
    command: '',
  }
}

/** One published number, found in a run and judged. */
export function judgedRow(claim: Claim, rule: ClaimRule, key: string, config: PaperConfig, run: RunData): PublishedRow {
  const target = targetOf(claim, rule)
  const cells = cellsOf(run, target, rule.implementation ?? 'rank-bench')
  const folds = foldMeans(cells, target.metric).map((value) => value * (rule.scale ?? 1))
  const splits = [...new Set(cells.map(({ cell }) => cell.split))]
  const fold = rule.split === undefined ? undefined : splits.indexOf(rule.split)
  const own = fold === undefined ? folds : folds.slice(fold, fold + 1)
  return {
    claim,
    ref: {
      experiment: formatRef(target.experiment),
      method: rule.method,
      dataset: target.dataset.name,
      metric: target.metric,
    },
    foldMeans: own,
    judgement: judgeClaim(claim, folds, config.tolerance, betterOf(cells, target.metric), fold),
    command: `rank-bench reproduce --paper ${key} --claim '${claim.id}'`,
  }
}

export function judgePaper(key: string, run: RunData): JudgedPaper {
  const { config, claimsPath } = loadPaper(key)
  const rows = loadClaims(claimsPath, key).flatMap((claim): PublishedRow[] => {
    const rule = config.rules.find((each) => applies(claim, each))
    if (rule) return [judgedRow(claim, rule, key, config, run)]
    const reference = config.references?.find((each) => applies(claim, each))
    return reference ? [referenceRow(claim, reference)] : []
  })
  return { key, config, rows }
}
