/**
 * What networks are told that are to find the median of a sequence of pictures: the median, and nothing of the other numbers.
 *
 * - a relaxed permutation P of scores: squared distance of sum_j p_j v_j from the median, p the row of P in the middle, over its sum, and
 *   v the numbers that a second network reads (Grover et al., ICLR 2019, section 5.2 and the released code)
 * - the same of scores with noise, which the released code has otherwise: p_j weighs the squared distances of v_j from the median, and
 *   the loss is the mean over samples of noise
 * - a soft quantile: squared distance of the soft median of the numbers that one network reads
 */

import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import { regularShape } from '../../core/shape.ts'
import type { LossAt } from '../../train/loop.ts'
import { summed, writeNoisy } from '../training/gumbel.ts'

interface Medians {
  /** One a sequence, in the unit of what the networks put out. */
  readonly medians: Float64Array
  /** Noise that is added to the scores, one sample after another, each of all pictures; empty where there is none. */
  readonly noise: Float64Array
}

/** Networks that an operator takes: scores and numbers, or numbers alone. */
export const networksFor = ({ operator }: MethodRef): 1 | 2 => (operator === 'matrix' ? 2 : 1)

interface MedianLoss {
  /** Of outputs, one row a picture: score and number, or the number. */
  at(outputs: Float64Array, batch: Medians): LossAt
  dispose(): void
}

/** The error of a sequence: of the weights of its items and of their numbers, with its slopes in both. */
type RowError = (
  weights: readonly number[],
  numbers: readonly number[],
  median: number,
) => { readonly value: number; readonly inWeights: number[]; readonly inNumbers: number[] }

const squareOfMean: RowError = (weights, numbers, median) => {
  const error = numbers.reduce((sum, number, j) => sum + weights[j] * number, 0) - median
  return {
    value: error ** 2,
    inWeights: numbers.map((number) => 2 * error * number),
    inNumbers: weights.map((weight) => 2 * error * weight),
  }
}

const meanOfSquares: RowError = (weights, numbers, median) => {
  const squares = numbers.map((number) => (number - median) ** 2)
  return {
    value: squares.reduce((sum, square, j) => sum + weights[j] * square, 0),
    inWeights: squares,
    inNumbers: numbers.map((number, j) => 2 * weights[j] * (number - median)),
  }
}

/** The numbers that are put out are weighted by the middle row of the relaxed permutation of the scores, over its sum. */
function rowLoss(plan: Plan, n: number, samples: number, errorOf: RowError) {
  return (outputs: Float64Array, { medians, noise }: Medians): LossAt => {
    const [scores, numbers] = [0, 1].map((which) => outputs.filter((_, k) => k % 2 === which))
    writeNoisy(plan.values, scores, noise)
    plan.forward()
    plan.cotangent.fill(0)
    const rows = samples * medians.length
    const numberBar = new Float64Array(numbers.length)
    let value = 0
    for (let row = 0; row < rows; row++) {
      const [sequence, middle] = [row % medians.length, row * n * n + (n >> 1) * n]
      const entries = Array.from(plan.output.subarray(middle, middle + n))
      const sum = entries.reduce((all, entry) => all + entry, 0)
      const weights = entries.map((entry) => entry / sum)
      const own = Array.from(numbers.subarray(sequence * n, (sequence + 1) * n))
      const error = errorOf(weights, own, medians[sequence])
      value += error.value / rows
      const centre = error.inWeights.reduce((all, slope, j) => all + weights[j] * slope, 0)
      for (let j = 0; j < n; j++) {
        plan.cotangent[middle + j] = (error.inWeights[j] - centre) / (sum * rows)
        numberBar[sequence * n + j] += error.inNumbers[j] / rows
      }
    }
    plan.backward()
    const scoreBar = summed(plan.gradient, scores.length)
    return { value, gradient: Float64Array.from(outputs, (_, k) => (k % 2 === 0 ? scoreBar : numberBar)[k >> 1]) }
  }
}

function quantileLoss(plan: Plan) {
  return (outputs: Float64Array, { medians }: Medians): LossAt => {
    plan.values.set(outputs)
    plan.forward()
    let value = 0
    medians.forEach((median, sequence) => {
      const error = plan.output[sequence] - median
      value += error ** 2 / medians.length
      plan.cotangent[sequence] = (2 * error) / medians.length
    })
    plan.backward()
    return { value, gradient: plan.gradient }
  }
}

/**
 * @param n numbers in a sequence, odd
 * @param gumbel samples of noise that a batch brings for its scores; 0 where they are taken as they are, as quantiles always take them
 */
export function medianLoss(
  spec: OperatorSpec,
  method: MethodRef,
  { sequences, n, gumbel }: { readonly sequences: number; readonly n: number; readonly gumbel: number },
): MedianLoss {
  const samples = Math.max(1, gumbel)
  const plan = spec.plan(regularShape(sequences * samples, n), method.params, 'f64')
  return {
    at:
      networksFor(method) === 2
        ? rowLoss(plan, n, samples, gumbel > 0 ? meanOfSquares : squareOfMean)
        : quantileLoss(plan),
    dispose: () => plan.dispose(),
  }
}
