/** What a run holds of one ranker under one metric: a number a fold, with its seeds and its queries. */

import type { Observation } from '../core/result.ts'
import { type Entry, groupBy, observation } from '../results/view.ts'
import { mean } from '../stats/mean.ts'

export interface FoldValue {
  /** Mean over seeds. */
  readonly value: number
  readonly seeds: ReadonlyMap<number, number>
  /** Mean over seeds of each query; undefined unless every seed kept them. */
  readonly queries: readonly number[] | undefined
}

/** By the name of the fold. */
export type Measured = ReadonlyMap<string, FoldValue>

function queriesOf(observations: readonly Observation[]): readonly number[] | undefined {
  const samples = observations.map((each) => each.samples)
  if (samples.some((each) => each === undefined || each.length !== samples[0]!.length)) return undefined
  return samples[0]!.map((_, q) => mean(samples.map((each) => each![q])))
}

/** Undefined unless every planned cell of the fold was measured. */
function foldValue(cells: readonly Entry[], metric: string): FoldValue | undefined {
  const found = cells.flatMap(({ cell, result }) => {
    const each = observation(result, metric)
    return each && Number.isFinite(each.value) ? [{ seed: cell.seed, each }] : []
  })
  if (found.length < cells.length) return undefined
  return {
    value: mean(found.map(({ each }) => each.value)),
    seeds: new Map(found.map(({ seed, each }) => [seed, each.value])),
    queries: queriesOf(found.map(({ each }) => each)),
  }
}

export function measuredOf(entries: readonly Entry[], metric: string): Measured {
  const folds = [...groupBy(entries, ({ cell }) => cell.split)]
  return new Map(
    folds.flatMap(([fold, cells]) => {
      const found = foldValue(cells, metric)
      return found ? [[fold, found] as const] : []
    }),
  )
}

/** Mean over `folds`, in whose order the values come; undefined when one is missing. */
export function valuesOf(measured: Measured, folds: readonly string[]): FoldValue[] | undefined {
  const found = folds.map((fold) => measured.get(fold))
  return found.length === 0 || found.some((each) => each === undefined) ? undefined : (found as FoldValue[])
}

/** Our mean over the folds under each training seed that all of them have. */
export function seedMeans(values: readonly FoldValue[]): number[] {
  const seeds = [...values[0].seeds.keys()].filter((seed) => values.every((each) => each.seeds.has(seed)))
  return seeds.map((seed) => mean(values.map((each) => each.seeds.get(seed)!)))
}
