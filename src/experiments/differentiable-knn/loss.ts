/**
 * The loss of differentiable k nearest neighbours: minus the share of a query's k nearest candidates that are of its class, summed over
 * candidates and with mean over queries, where a soft top-k mask of minus the squared distances says which are near. For NeuralSort the mask
 * is the sum of the first k rows of the relaxed permutation: Grover, Wang, Zweig, Ermon, ICLR 2019, section 5.3, and the released code.
 */

import type { OperatorSpec } from '../../core/method.ts'
import type { MethodRef } from '../../core/method-ref.ts'
import type { LossAt } from '../../train/loop.ts'
import { planMask } from '../training/mask.ts'

interface Size {
  readonly queries: number
  readonly candidates: number
  /** Numbers of an embedding. */
  readonly width: number
}

interface Neighbours {
  /** Classes of the queries, then of the candidates. */
  readonly labels: Uint8Array
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
  const { queries, candidates } = size
  const { plan, sign } = planMask(spec, method, queries, candidates)
  return {
    at(outputs, { labels }) {
      const distances = squaredDistances(outputs, size)
      for (let k = 0; k < distances.length; k++) plan.values[k] = -sign * distances[k]
      plan.forward()
      let value = 0
      for (let k = 0; k < distances.length; k++) {
        const isSame = labels[Math.floor(k / candidates)] === labels[queries + (k % candidates)]
        if (isSame) value -= plan.output[k] / queries
        plan.cotangent[k] = isSame ? -1 / queries : 0
      }
      plan.backward()
      const distanceBar = Float64Array.from(plan.gradient, (slope) => -sign * slope)
      return { value, gradient: pull(distanceBar, outputs, size) }
    },
    dispose: () => plan.dispose(),
  }
}
