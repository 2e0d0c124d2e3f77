/** From a paper's words to cells of a run. */

import type { Claim } from '../config/claims.ts'
import type { FamilyConfig, PaperConfig } from '../config/schema.ts'
import { foldsOf as partsOf } from '../core/dataset.ts'
import { usageError } from '../core/errors.ts'
import { resolveSubject, type Subject } from '../core/method-ref.ts'
import type { ParamSpace } from '../core/params.ts'
import type { Observation } from '../core/result.ts'
import { type Catalogue, type Ref, resolveOne } from '../core/selector.ts'
import { ours } from '../core/system.ts'
import { parseMetric } from '../metrics/metric.ts'
import { datasets, experiments, operators } from '../registry.ts'
import type { Entry, RunData } from '../results/view.ts'

const spacesOf = (entries: ReadonlyMap<string, { readonly params: ParamSpace }>): Catalogue =>
  new Map([...entries].map(([name, entry]) => [name, entry.params]))

export interface Target {
  readonly experiment: Ref
  readonly method: Subject
  readonly dataset: Ref
  readonly system: string
}

/** @throws RankBenchError(usage) for a selector that names nothing */
export function targetOf(given: NonNullable<FamilyConfig['ours']>): Target {
  return {
    experiment: resolveOne(given.experiment, spacesOf(experiments), 'experiment'),
    method: resolveSubject(given.method, spacesOf(operators)),
    dataset: resolveOne(given.dataset, spacesOf(datasets), 'dataset'),
    system: given.system ?? ours,
  }
}

/** Whether a stored ref is what is wanted today: a parameter that came after it was stored had its default. */
function isSame(stored: Ref, wanted: Ref, space: ParamSpace = {}): boolean {
  const names = new Set([...Object.keys(stored.params), ...Object.keys(wanted.params)])
  return (
    stored.name === wanted.name &&
    // A ranker's parameters have no space that types them: 3 and "3" are one.
    [...names].every((name) => String(stored.params[name] ?? space[name]?.default) === String(wanted.params[name]))
  )
}

/** Whether a stored cell is one of the target's. */
export const isOf = ({ cell }: Entry, target: Target): boolean =>
  cell.system === target.system &&
  isSame(cell.experiment, target.experiment, experiments.get(target.experiment.name)?.params) &&
  isSame(cell.method, target.method, operators.get(target.method.name)?.params) &&
  isSame(cell.dataset, target.dataset, datasets.get(target.dataset.name)?.params)

/** Cells of the target; timed ones of one machine, where several timed them. */
export function cellsOf(run: RunData, target: Target): Entry[] {
  const found = run.entries.filter((entry) => isOf(entry, target))
  return found.filter(({ machine }) => machine === found[0].machine)
}

/** Folds of a data set, whether or not a run has them all; of one that is not known here, those of the run. */
export function foldsOf({ dataset }: Target, cells: readonly Entry[]): string[] {
  const known = datasets.get(dataset.name)
  const own = known ? partsOf(known, dataset.params) : []
  return own.length > 0 ? [...own] : [...new Set(cells.map(({ cell }) => cell.split))]
}

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
    if (presets.some((preset) => measured?.startsWith(preset))) continue
    throw usageError(
      `claim ${claim.id} is ${claim.metric}, and its rule compares it with ${metric}; expected convention ${presets.join(' or ')}`,
      'rank-bench list metrics',
    )
  }
}

/** The fold that a row is of, or `mean`. */
export function splitOf({ split }: Pick<Claim, 'split'>, { splits }: Pick<PaperConfig, 'splits'>): string {
  const fold = /^fold\s*(\d+)/i.exec(split)
  return splits?.[split] ?? (fold ? `fold${fold[1]}` : 'mean')
}

const nanoseconds: readonly (readonly [unit: RegExp, factor: number])[] = [
  [/^(us|µs)\b/, 1e-3],
  [/^ms\b/, 1e-6],
  [/^s\b/, 1e-9],
]

/** What one of our units is in the unit that was printed. */
export function unitFactor(printed: string, ours: Observation['unit']): number {
  if (ours === 'ns') return nanoseconds.find(([unit]) => unit.test(printed))?.[1] ?? 1
  return /^(%|percent)/.test(printed) ? 100 : 1
}
