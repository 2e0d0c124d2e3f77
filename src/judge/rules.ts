/** One ranker under the rules of a family: each row's case, and the verdicts of all rows together. */

import type { FamilyConfig, PaperConfig } from '../config/schema.ts'
import type { Verdict } from '../core/claim.ts'
import { measureOf } from '../core/measure.ts'
import type { Observation } from '../core/result.ts'
import { experiments } from '../registry.ts'
import { observation, type RunData } from '../results/view.ts'
import { mean } from '../stats/mean.ts'
import { compare, type Printed } from './compare.ts'
import { type MarginRule, marginOf } from './margin.ts'
import type { FoldValue, Measured } from './measured.ts'
import type { Ranker } from './rankers.ts'
import { meanSplit, type Row } from './rows.ts'
import { unitFactor } from './target.ts'
import { type Case, verdictsOf } from './verdict.ts'

export interface Judging {
  readonly key: string
  readonly config: PaperConfig
  readonly margin: MarginRule
  readonly run: RunData
}

/** Our values in the unit that was printed. */
function scaled(measured: Measured, factor: number): Measured {
  if (factor === 1) return measured
  const times = ({ value, seeds, queries }: FoldValue): FoldValue => ({
    value: value * factor,
    seeds: new Map([...seeds].map(([seed, each]) => [seed, each * factor])),
    queries: queries?.map((each) => each * factor),
  })
  return new Map([...measured].map(([fold, value]) => [fold, times(value)]))
}

/** Everything about a family but who is judged. */
export interface Rules {
  readonly rows: readonly Row[]
  readonly printed: readonly Printed[]
  readonly family: FamilyConfig
  readonly judging: Judging
  readonly primary: Row | undefined
}

export interface Judged {
  readonly case: Case | undefined
  readonly missing: string
}

function firstObservation({ entries }: Pick<Ranker, 'entries'>, metric: string): Observation | undefined {
  for (const { result } of entries) {
    const found = observation(result, metric)
    if (found) return found
  }
  return undefined
}

/** What the mean over splits is multiplied by: their number where a measure adds them up. */
function splitFactor({ entries }: Ranker, metric: string, splits: number): number {
  const measures = experiments.get(entries[0].cell.experiment.name)?.measures ?? {}
  return measureOf(measures, metric)?.overSplits === 'sum' ? splits : 1
}

const constantOf = ({ constant }: PaperConfig, folds: readonly string[]): number =>
  constant ? mean(folds.map((fold) => constant[fold] ?? 0)) : 0

export function caseOf({ rows, printed, family, judging }: Rules, i: number, ranker: Ranker): Judged {
  const [row, theirs] = [rows[i], printed[i]]
  const first = firstObservation(ranker, row.metric)
  if (!first) return { case: undefined, missing: '' }
  const factor = unitFactor(row.claim.unit, first.unit) * splitFactor(ranker, row.metric, theirs.folds.length)
  const measured = scaled(ranker.measured(row.metric), factor)
  const comparison = compare(measured, theirs, family.deterministic === true || ranker.isFixed)
  if ('missing' in comparison) return { case: undefined, missing: comparison.missing }
  const constant = constantOf(judging.config, theirs.folds)
  const margin = marginOf(row.claim.value, constant, row.decimals, judging.margin)
  return { case: { comparison, margin, better: first.better }, missing: '' }
}

/** Rows that are tested together: the primary number by itself, the other means, the numbers of single folds. */
function testedTogether({ rows, primary }: Rules): number[][] {
  const indices = rows.flatMap((row, i) => (row.claim.verified === 'seen' ? [i] : []))
  const of = (wanted: (row: Row) => boolean) => indices.filter((i) => wanted(rows[i]))
  return [
    of((row) => row === primary),
    of((row) => row !== primary && row.split === meanSplit),
    of((row) => row !== primary && row.split !== meanSplit),
  ]
}

/** Verdict of every row for one ranker. */
export function verdictsFor(rules: Rules, cases: readonly (Case | undefined)[]): Verdict[] {
  const verdicts = new Array<Verdict>(cases.length).fill('not run')
  for (const together of testedTogether(rules)) {
    const judged = together.filter((i) => cases[i] !== undefined)
    const found = verdictsOf(judged.map((i) => cases[i]!))
    judged.forEach((i, at) => {
      verdicts[i] = found[at]
    })
  }
  return verdicts
}
