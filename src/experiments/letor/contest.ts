/** Who competes on a data set: every loss with every scorer, baselines, each ranker once. */

import { maximum } from '../../core/extremes.ts'
import { type Entry, groupBy, observation, observationsOf, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { baselinesOf } from '../baseline/rankers.ts'
import { rankerGroups } from './rankers.ts'

/**
 * Stored for every query, and of one meaning on both LETOR data sets. Runs of before `letor3-padded` had a name call it
 * `letor3`.
 */
export function contestMetrics(run: RunData): readonly [string, string] {
  const padded = 'ndcg@10:letor3-padded'
  const has = run.entries.some(({ result }) => observation(result, padded)?.samples !== undefined)
  return [has ? padded : 'ndcg@10:letor3', 'map:letor4']
}

export interface Competitor {
  /** What was trained, or the baseline; losses that came out the same on every query are one. */
  readonly ranker: string
  /** Undefined for baselines. */
  readonly scorer?: string
  /** Ranker and scorer. */
  readonly name: string
  readonly entries: readonly Entry[]
}

export interface Contest {
  readonly dataset: string
  readonly folds: readonly string[]
  readonly competitors: readonly Competitor[]
}

/** Values a query of one fold, mean over seeds; nothing unless every seed has them. */
function foldValues(entries: readonly Entry[], metric: string): number[] | undefined {
  const samples = entries.map(({ result }) => observation(result, metric)?.samples)
  if (samples.length === 0 || samples.some((each) => each === undefined)) return undefined
  return samples[0]!.map((_, q) => mean(samples.map((each) => each![q])))
}

/** Values a query, fold by fold; undefined when a fold is missing. */
export function queryValues(
  { entries }: Pick<Competitor, 'entries'>,
  folds: readonly string[],
  metric: string,
): number[][] | undefined {
  const byFold = groupBy(entries, ({ cell }) => cell.split)
  const values = folds.map((fold) => foldValues(byFold.get(fold) ?? [], metric))
  return values.some((each) => each === undefined) ? undefined : (values as number[][])
}

/** Mean over folds and seeds of the validation value that was trained for; undefined for rankers without a curve. */
export function validationValue({ entries }: Competitor): number | undefined {
  const reached = entries.flatMap(({ result }) => {
    const curve = observationsOf(result).find(({ metric }) => metric.startsWith('curve:validation:'))
    return curve?.samples ? [maximum(curve.samples)] : []
  })
  return reached.length === entries.length && reached.length > 0 ? mean(reached) : undefined
}

/** RankNet and the pairwise logistic loss are one loss: where both ran, they give every query the same value. */
function isSame(a: Competitor, b: Competitor, folds: readonly string[], metrics: readonly string[]): boolean {
  if (a.scorer !== b.scorer) return false
  return metrics.every((metric) => {
    const [one, other] = [queryValues(a, folds, metric)?.flat(), queryValues(b, folds, metric)?.flat()]
    return one !== undefined && other !== undefined && one.every((value, q) => value === other[q])
  })
}

/** Each ranker once, under the names of all that are it. */
function distinct(all: readonly Competitor[], folds: readonly string[], metrics: readonly string[]): Competitor[] {
  const kept: Competitor[] = []
  for (const each of all) {
    const at = kept.findIndex((other) => isSame(other, each, folds, metrics))
    if (at < 0) kept.push(each)
    else kept[at] = alsoCalled(kept[at], each.ranker)
  }
  return kept
}

function alsoCalled(competitor: Competitor, other: string): Competitor {
  const ranker = `${competitor.ranker} = ${other}`
  return { ...competitor, ranker, name: competitor.name.replace(competitor.ranker, ranker) }
}

const known = new WeakMap<RunData, Contest[]>()

function find(run: RunData): Contest[] {
  const groups = rankerGroups(run)
  const metrics = contestMetrics(run)
  return [...new Set(groups.map(({ dataset }) => dataset))].map((dataset) => {
    const own = groups.filter((group) => group.dataset === dataset)
    const folds = [...new Set(own.flatMap(({ entries }) => entries.map(({ cell }) => cell.split)))]
    const trained = own.flatMap(({ scorer, rankers }) =>
      rankers.map(({ name, entries }) => ({
        ranker: name,
        scorer,
        name: own.length > 1 ? `${name}, ${scorer}` : name,
        entries,
      })),
    )
    const baselines = baselinesOf(run, dataset).map(({ name, entries }) => ({ ranker: name, name, entries }))
    return { dataset, folds, competitors: [...distinct(trained, folds, metrics), ...baselines] }
  })
}

/** One a data set, found once a run. */
export function contests(run: RunData): Contest[] {
  const found = known.get(run) ?? find(run)
  known.set(run, found)
  return found
}
