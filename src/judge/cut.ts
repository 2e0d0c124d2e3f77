/** Trainings that were cut short: reaching a number early is evidence for it, falling short of it is none against. */

import type { PaperConfig } from '../config/schema.ts'
import type { Judgement, Verdict } from '../core/claim.ts'
import { isMethod } from '../core/method-ref.ts'
import type { Observation } from '../core/result.ts'
import { type Entry, observation } from '../results/view.ts'
import { linearFit } from '../stats/linear-fit.ts'
import { mean } from '../stats/mean.ts'

/** Verdicts under which a number was reached; `higher` and `lower` say where ours lies, one of which is its good side. */
const isReached = (verdict: Verdict, better: Observation['better']): boolean =>
  ['reproduced', 'exceeds', 'close'].includes(verdict) || verdict === better

/** Looks at a curve that a line is laid through: its second half, and not fewer. */
const fewestLooks = 3

/** Where a power law through the second half of the curve of errors would be. Undefined where it has no such half, or does not fall. */
function extrapolated(curve: readonly number[], every: number, to: number): number | undefined {
  const points = curve
    .map((accuracy, look) => ({ x: Math.log(look * every), y: Math.log(1 - accuracy) }))
    .slice(Math.max(1, curve.length >> 1))
    .filter(({ y }) => Number.isFinite(y))
  if (points.length < fewestLooks) return undefined
  const { intercept, slope } = linearFit(points)
  return slope < 0 ? 1 - Math.exp(intercept + slope * Math.log(to)) : undefined
}

/** Shares of what was right, which the validation curve has too. */
const accuracies = ['permutation-accuracy', 'test-accuracy']

function extrapolation(entries: readonly Entry[], metric: string, to: number): string {
  if (!accuracies.includes(metric)) return ''
  const ends = entries.flatMap(({ cell, result }) => {
    const curve = observation(result, 'curve:validation')?.samples
    return (curve && extrapolated(curve, Number(cell.experiment.params.check), to)) ?? []
  })
  if (ends.length === 0) return ''
  return `; a power law through its validation curve would be at ${mean(ends).toFixed(3)} in the end, which is no evidence`
}

/** @param entries of the one who is judged; what was never trained was not cut */
export function unlessCut(
  found: Judgement,
  { cut }: Pick<PaperConfig, 'cut'>,
  entries: readonly Entry[],
  { metric, better }: { readonly metric: string; readonly better: Observation['better'] },
): Judgement {
  if (!cut || isReached(found.verdict, better) || !isMethod(entries[0].cell.method)) return found
  const taken = Number(entries[0].cell.experiment.params[cut.param])
  if (!(taken < cut.of)) return found
  const epochs = (steps: number) => Number((steps / cut.epoch).toPrecision(3))
  const why = `cut at epoch ${epochs(taken)} of ${epochs(cut.of)}${extrapolation(entries, metric, cut.of)}`
  return { ...found, verdict: 'inconclusive', why }
}
