/** What an experiment answers with: the names of its numbers, their units, good sides, axes and meanings. */

import type { Observation } from './result.ts'

export interface Measure {
  readonly unit: Observation['unit']
  /** The good side; `neither` for facts, such as an axis or a chosen setting. */
  readonly better: Observation['better']
  /** Names of the measures that hold the axes of a map; the product of their lengths is the number of samples. */
  readonly axes?: readonly string[]
  /** How the value follows from the samples, where there are some; `none` when it is known to the experiment only. */
  readonly value?: 'median' | 'mean' | 'largest' | 'count' | 'last' | 'none'
  /** How the value of a data set follows from those of its splits; default: their mean. */
  readonly overSplits?: 'mean' | 'sum'
  readonly meaning: string
}

/** By name; `*` in a name stands for any text, where an experiment has a number for every entry, metric or setting. */
export type Measures = Readonly<Record<string, Measure>>

const patternOf = (name: string): RegExp =>
  new RegExp(`^${name.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)

/** A run asks hundreds of thousands of times for a few hundred names. */
const found = new WeakMap<Measures, Map<string, Measure | undefined>>()

function searched(measures: Measures, metric: string): Measure | undefined {
  if (Object.hasOwn(measures, metric)) return measures[metric]
  const fitting = Object.keys(measures).find((name) => name.includes('*') && patternOf(name).test(metric))
  return fitting === undefined ? undefined : measures[fitting]
}

/** The measure that a metric is one of: by its very name, else by the first pattern that fits. */
export function measureOf(measures: Measures, metric: string): Measure | undefined {
  const known = found.get(measures) ?? new Map<string, Measure | undefined>()
  found.set(measures, known)
  if (!known.has(metric)) known.set(metric, searched(measures, metric))
  return known.get(metric)
}

/** The value of an observation whose samples are all that is known of it. Queries that a metric leaves out are NaN, and not counted. */
export function valueFrom({ value }: Measure, samples: readonly number[]): number {
  switch (value) {
    case 'median':
      return middle(samples)
    case 'largest':
      return samples.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY)
    case 'count':
      return samples.length
    case 'last':
      return samples.at(-1) ?? Number.NaN
    case 'mean': {
      const counted = samples.filter((each) => !Number.isNaN(each))
      return counted.reduce((sum, each) => sum + each, 0) / counted.length
    }
    default:
      return Number.NaN
  }
}

function middle(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

/** An observation under the unit and good side that are declared for it. */
export function declared(measures: Measures, observation: Observation): Observation {
  const measure = measureOf(measures, observation.metric)
  return measure ? { ...observation, unit: measure.unit, better: measure.better } : observation
}
