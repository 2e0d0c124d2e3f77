/**
 * Linear maps from features to a score a label, along a path of penalties from strong to weak, each started from the one before:
 *
 *   mean over rows of |rho - r(W x + b)|^2 / 2  +  penalty |W|^2 / 2
 *
 * with r a soft rank, or the identity: the same model without the projection. Blondel, Teboul, Berthet, Djolonga, ICML 2020.
 * A soft rank of strength e is that of the scores over e at strength 1, so that (e, penalty) and (1, e^2 penalty) are one problem:
 * a search over the penalty is one over the strength too.
 */

import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import type { Random } from '../../core/random.ts'
import { regularShape } from '../../core/shape.ts'
import { mean } from '../../stats/mean.ts'
import { createLayers } from '../../train/layers.ts'
import { lbfgs } from '../../train/lbfgs.ts'
import { linearScores, ridgeEquations } from '../../train/ridge.ts'

/** Rows to fit on. */
interface Examples {
  /** rows x width, standardised. */
  readonly features: Float64Array
  readonly width: number
  /** rows x labels, from 1. */
  readonly ranks: Float64Array
  readonly labels: number
}

/** Between scores and ranks. */
export interface Projection {
  readonly spec: OperatorSpec
  readonly params: Params
}

/** Scores of other rows under the model of each penalty; a larger score is a later rank. */
type Scores = Float64Array

/** Each penalty goes on where the stronger one ended: few iterations are left. */
const iterations = 30
const tolerance = 1e-5
/** Not 0: there all labels are tied, where some operators have no slope. */
const initialDeviation = 0.01

/** Larger scores have larger ranks whichever way the operator counts. */
const signOf = ({ params }: Projection): number => (params.direction === 'descending' ? -1 : 1)

/** Half the squared error of the ranks, mean over rows; writes its gradient in the scores. */
function errorOf(
  plan: Plan,
  sign: number,
  scores: Scores,
  ranks: Float64Array,
  slope: Float64Array,
  rows: number,
): number {
  for (let k = 0; k < scores.length; k++) plan.values[k] = sign * scores[k]
  plan.forward()
  let sum = 0
  for (let k = 0; k < ranks.length; k++) {
    const difference = plan.output[k] - ranks[k]
    sum += difference * difference
    plan.cotangent[k] = (sign * difference) / rows
  }
  plan.backward()
  slope.set(plan.gradient)
  return sum / (2 * rows)
}

/** width x labels, row-major, then a constant a label. */
export type Weights = Float64Array

interface Path {
  /** Of the other rows, one array a penalty. */
  readonly scores: readonly Scores[]
  /** One array a penalty. */
  readonly weights: readonly Weights[]
  /** How often the loss was evaluated. */
  readonly evaluations: number
}

/** Where a path begins that no other one leads to. */
export function randomWeights(width: number, labels: number, random: Random): Weights {
  const weights = width * labels
  return Float64Array.from({ length: weights + labels }, (_, k) =>
    k < weights ? initialDeviation * random.normal() : (labels + 1) / 2,
  )
}

/** Where the next path begins: on other rows of the same kind. */
export const meanWeights = (all: readonly Weights[]): Weights => all[0].map((_, k) => mean(all.map((each) => each[k])))

/**
 * Fits at each penalty in turn.
 * @param penalties from strong to weak
 * @param held rows x width of other rows
 * @param start left as it is
 */
export function fitPath(
  { features, width, ranks, labels }: Examples,
  projection: Projection,
  penalties: readonly number[],
  held: Float64Array,
  start: Weights,
): Path {
  const [rows, others] = [ranks.length / labels, held.length / width]
  const layers = createLayers([width, labels])
  layers.reserve(Math.max(rows, others))
  const plan = projection.spec.plan(regularShape(rows, labels), projection.params, 'f64')
  const sign = signOf(projection)
  const weights = width * labels
  const x = start.slice()
  const slope = layers.outputGradient(0).subarray(0, rows * labels)
  const objective = (penalty: number) => (at: Float64Array, gradient: Float64Array) => {
    layers.parameters.set(at)
    layers.forward(0, rows)
    layers.gradient.fill(0)
    let value = errorOf(plan, sign, layers.values(1).subarray(0, rows * labels), ranks, slope, rows)
    layers.backward(0, rows)
    gradient.set(layers.gradient)
    for (let k = 0; k < weights; k++) {
      value += (penalty * at[k] * at[k]) / 2
      gradient[k] += penalty * at[k]
    }
    return value
  }
  let evaluations = 0
  const fitted = penalties.map((penalty) => {
    layers.values(0).set(features)
    evaluations += lbfgs(objective(penalty), x, { iterations, tolerance }).evaluations
    layers.parameters.set(x)
    layers.values(0).set(held)
    layers.forward(0, others)
    return { scores: layers.values(1).slice(0, others * labels), weights: x.slice() }
  })
  plan.dispose()
  return { scores: fitted.map((each) => each.scores), weights: fitted.map((each) => each.weights), evaluations }
}

/** The same without a projection, which is ridge regression on the ranks, label by label. */
export function plainPath(
  { features, width, ranks, labels }: Examples,
  penalties: readonly number[],
  held: Float64Array,
): readonly Scores[] {
  const rows = held.length / width
  const equations = ridgeEquations({ features, width })
  const sides = Array.from({ length: labels }, (_, label) =>
    equations.side(ranks.filter((_rank, k) => k % labels === label)),
  )
  return penalties.map((penalty) => {
    const scores = new Float64Array(rows * labels)
    equations.solve(penalty, sides).forEach((weights, label) => {
      linearScores(weights, { features: held, width }).forEach((score, i) => {
        scores[i * labels + label] = score
      })
    })
    return scores
  })
}
