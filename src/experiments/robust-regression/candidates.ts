/**
 * What each method may choose from on validation rows, and how it is fitted. A candidate is a list of settings that are fitted one after
 * the other from where the one before ended: only soft trimming has more than one, from soft to hard.
 */

import type { OperatorSpec } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { possibleFactors, timesSoftness } from '../../core/softness.ts'
import { fitRidge } from '../../train/ridge.ts'
import { descend, huberLoss } from './objective.ts'
import { softTrimmedLoss } from './soft-trimmed.ts'
import type { Prepared } from './table-data.ts'
import { fitTrimmed } from './trimmed.ts'

export interface Setting {
  readonly ridge: number
  /** Share of the rows that is left out. */
  readonly trimmed?: number
  /** On the softness of the operator. */
  readonly factor?: number
  /** Of Huber's loss, in robust deviations of the numbers. */
  readonly threshold?: number
}

/** Fits settings in turn, and answers with the weights of each. */
export interface Fitter {
  /** Settings by which a fit is walked, each a list from where it starts. */
  readonly walks: readonly (readonly Setting[])[]
  fit(prepared: Prepared, walk: readonly Setting[]): Float64Array[]
}

/** Singular features have a solution all the same. */
const hardlyAny = 1e-8
const ridges = [1e-4, 1e-2, 1]
const shares = [0.1, 0.2, 0.3, 0.4, 0.5]
const thresholds = [1.3, 1.475, 1.65, 1.825, 2]
/** From least squares to least trimmed squares. */
const factors = [1e4, 1e3, 1e2, 10, 1, 0.1, 0.01]

const leftOut = (rows: number, { trimmed = 0 }: Setting): number => Math.ceil(trimmed * rows)

/** Ridge regression by its normal equations. */
const closedForm = ({ features, observed, width }: Prepared, { ridge }: Setting): Float64Array =>
  fitRidge({ features, labels: observed, width }, ridge)

const alone = (settings: readonly Setting[], once: (prepared: Prepared, setting: Setting) => Float64Array): Fitter => ({
  walks: settings.map((setting) => [setting]),
  fit: (prepared, walk) => walk.map((setting) => once(prepared, setting)),
})

function fitHuber(prepared: Prepared, { ridge, threshold = 1 }: Setting): Float64Array {
  const weights = closedForm(prepared, { ridge })
  descend(prepared, huberLoss(threshold), ridge, weights)
  return weights
}

/** Baselines by the name of their cell. */
export const baselines: Readonly<Record<string, (seed: number) => Fitter>> = {
  'least-squares': () => alone([{ ridge: hardlyAny }], closedForm),
  ridge: () =>
    alone(
      ridges.map((ridge) => ({ ridge })),
      closedForm,
    ),
  huber: () =>
    alone(
      ridges.flatMap((ridge) => thresholds.map((threshold) => ({ ridge, threshold }))),
      fitHuber,
    ),
  'trimmed-squares': (seed) =>
    alone(
      ridges.flatMap((ridge) => shares.map((trimmed) => ({ ridge, trimmed }))),
      (prepared, setting) => {
        const random = randomStream(seed, 'robust regression/starts')
        return fitTrimmed(prepared, leftOut(prepared.observed.length, setting), setting.ridge, random)
      },
    ),
}

/** Soft trimming by a soft sort: the factors that its softness has. */
export function softTrimming(spec: OperatorSpec, params: Params): Fitter {
  const possible = possibleFactors(spec, params, factors)
  return {
    walks: ridges.flatMap((ridge) =>
      shares.map((trimmed) => possible.map((factor): Setting => ({ ridge, trimmed, factor }))),
    ),
    fit(prepared, walk) {
      const rows = prepared.observed.length
      const weights = closedForm(prepared, walk[0])
      return walk.map((setting) => {
        const { loss, dispose } = softTrimmedLoss(
          spec,
          timesSoftness(spec, params, setting.factor!)!,
          rows,
          leftOut(rows, setting),
        )
        descend(prepared, loss, setting.ridge, weights)
        dispose()
        return weights.slice()
      })
    },
  }
}
