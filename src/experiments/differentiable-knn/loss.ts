/**
 * The loss of differentiable k nearest neighbours: minus the share of a query's k nearest candidates that are of its class, summed over
 * candidates and with mean over queries, where a soft top-k mask of minus the squared distances says which are near. For NeuralSort the mask
 * is the sum of the first k rows of the relaxed permutation: Grover, Wang, Zweig, Ermon, ICLR 2019, section 5.3, and the released code,
 * whose noise is that of candidates, the same for all queries of a step.
 */

import type { OperatorSpec } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import type { LossAt } from '../../train/loop.ts'
import { summed } from '../training/gumbel.ts'
import { planMask } from '../training/mask.ts'

interface Size {
  readonly queries: number
  readonly candidates: number
  /** Numbers of an embedding. */
  readonly width: number
  /** Samples of noise, over which the loss is the mean; 0 where scores are taken as they are. */
  readonly gumbel: number
}

interface Neighbours {
  /** Classes of the queries, then of the candidates. */
  readonly labels: Uint8Array
  /** Noise that is added to the scores of all queries alike, one sample after another, each of all candidates; empty where there is none. */
  readonly noise: Float64Array
}

interface NeighbourLoss {
  /** Of embeddings, those of the queries first. */
  at(outputs: Float64Array, batch: Neighbours): LossAt
  dispose(): void
}

/** Squared distances of all pairs, a row a query. */
function squaredDistances(outputs: Float64Array, { queries, candidates, width }: Size): Float64Array {
  const found = new Float64Array(queries * candidates)
  for (let q = 0; q < queries; q++) {
    for (let c = 0; c < candidates; c++) {
      let sum = 0
      for (let i = 0; i < width; i++) sum += (outputs[q * width + i] - outputs[(queries + c) * width + i]) ** 2
      found[q * candidates + c] = sum
    }
  }
  return found
}

/** From the gradient in squared distances to that in embeddings. */
function pull(distanceBar: Float64Array, outputs: Float64Array, { queries, candidates, width }: Size): Float64Array {
  const gradient = new Float64Array(outputs.length)
  for (let q = 0; q < queries; q++) {
    for (let c = 0; c < candidates; c++) {
      const slope = 2 * distanceBar[q * candidates + c]
      if (slope === 0) continue
      const [query, candidate] = [q * width, (queries + c) * width]
      for (let i = 0; i < width; i++) {
        const move = slope * (outputs[query + i] - outputs[candidate + i])
        gradient[query + i] += move
        gradient[candidate + i] -= move
      }
    }
  }
  return gradient
}

/** @throws RankBenchError(usage) for a top-k operator whose output is no mask */
export function neighbourLoss(spec: OperatorSpec, method: MethodRef, size: Size): NeighbourLoss {
  const { queries, candidates, gumbel } = size
  const samples = Math.max(1, gumbel)
  const pairs = queries * candidates
  const { plan, sign } = planMask(spec, method, queries * samples, candidates)
  return {
    at(outputs, { labels, noise }) {
      const distances = squaredDistances(outputs, size)
      const noiseOf = (k: number) => noise[Math.floor(k / pairs) * candidates + (k % candidates)] ?? 0
      for (let k = 0; k < plan.values.length; k++) plan.values[k] = sign * (noiseOf(k) - distances[k % pairs])
      plan.forward()
      let value = 0
      for (let k = 0; k < plan.values.length; k++) {
        const isSame = labels[Math.floor((k % pairs) / candidates)] === labels[queries + (k % candidates)]
        if (isSame) value -= plan.output[k] / (queries * samples)
        plan.cotangent[k] = isSame ? -1 / (queries * samples) : 0
      }
      plan.backward()
      const distanceBar = summed(plan.gradient, pairs).map((slope) => -sign * slope)
      return { value, gradient: pull(distanceBar, outputs, size) }
    },
    dispose: () => plan.dispose(),
  }
}
