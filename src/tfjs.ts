/**
 * The operators as functions of TensorFlow.js tensors, with gradients: `tf.customGrad` over a plan. TensorFlow.js computes in float32, and
 * so do plans here. Values are read with `dataSync`, so that a backend must be able to hand them over at once: cpu, wasm, webgl and
 * tensorflow are, webgpu is not.
 */

import * as tf from '@tensorflow/tfjs-core'
import { plan as planOf, resolveOperator } from './api/plan.ts'
import { usageError } from './core/errors.ts'
import type { Plan } from './core/method.ts'
import type { MethodRef } from './core/method-ref.ts'
import { factsOf, type Operator } from './core/operators.ts'
import { regularShape, requireFinite, type Shape } from './core/shape.ts'

/** Shapes whose plans are kept, those that were asked for last. */
const mostShapes = 16

/** Plans by shape; a pass that is still the last of its plan need not be made again for its gradient. */
interface Passes {
  readonly plan: Plan
  readonly shape: Shape
  last: object | undefined
}

interface Operated {
  readonly ref: MethodRef
  /** Items are the last axis, the others rows. */
  passes(dimensions: readonly number[]): Passes
}

function operated(selector: string): Operated {
  const { ref } = resolveOperator(selector)
  const known = new Map<string, Passes>()
  return {
    ref,
    passes(dimensions) {
      const key = dimensions.join()
      const n = dimensions[dimensions.length - 1]
      const shape = regularShape(
        dimensions.slice(0, -1).reduce((product, size) => product * size, 1),
        n,
      )
      const found = known.get(key) ?? { plan: planOf(selector, shape), shape, last: undefined }
      known.delete(key)
      known.set(key, found)
      // The plan itself is not disposed of: a gradient may still be asked of it. It is collected when nobody can.
      if (known.size > mostShapes) known.delete(known.keys().next().value!)
      return found
    },
  }
}

function requireItems({ ref }: Operated, { shape }: tf.Tensor): void {
  if (shape.length > 0) return
  throw usageError(`${ref.name}: the values are one number; expected a tensor with at least one axis of items`)
}

function outputDimensions({ ref }: Operated, dimensions: readonly number[]): number[] {
  const lead = dimensions.slice(0, -1)
  const n = dimensions[dimensions.length - 1]
  switch (factsOf(ref.operator).output) {
    case 'item':
      return [...dimensions]
    case 'pair':
      return [...dimensions, n]
    case 'row': {
      const levels = String(ref.params.q).split('x').filter(Boolean).length
      return String(ref.params.q).includes('x') ? [...lead, levels] : lead
    }
    default:
      return ref.params.reduction === 'none' ? lead : []
  }
}

function forward(passes: Passes, values: Float32Array, labels: Float32Array | undefined, token: object): void {
  const { plan, shape } = passes
  requireFinite(values, shape, 'values')
  plan.values.set(values)
  if (labels) plan.labels!.set(labels)
  plan.forward()
  passes.last = token
}

/** Functions, not methods of tensors: those are there only where somebody registered them. */
const asFloat = (tensor: tf.Tensor): tf.Tensor => tf.cast(tensor, 'float32')
const numbersOf = (tensor: tf.Tensor): Float32Array => asFloat(tensor).dataSync() as Float32Array

/** What a gradient of a gradient would need is not there; without this it would be 0 without a word. */
function refused(name: string): never {
  throw usageError(
    `second derivatives of ${name} are not to be had in TensorFlow.js`,
    'rank-bench has them by formula: hessianVectorProduct, rankingLossWithHessian',
  )
}

/** The operator and its gradient in the values; labels have none. */
function customOperator(of: Operated, labels: tf.Tensor | undefined): (values: tf.Tensor) => tf.Tensor {
  return tf.customGrad((...given: unknown[]) => {
    const [values, save] = given as [tf.Tensor, tf.GradSaveFunc]
    const passes = of.passes(values.shape)
    const written = labels && Float32Array.from(numbersOf(labels))
    const token = {}
    forward(passes, numbersOf(values), written, token)
    save([values])
    const pull = tf.customGrad((...both: unknown[]) => {
      const [dy, x] = both as [tf.Tensor, tf.Tensor]
      if (passes.last !== token) forward(passes, numbersOf(x), written, token)
      passes.plan.cotangent.set(numbersOf(dy))
      passes.plan.backward()
      return {
        value: tf.tensor(passes.plan.gradient.slice(), x.shape, 'float32'),
        gradFunc: () => refused(of.ref.name),
      }
    })
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => pull(dy, saved[0])
    const value = tf.tensor(passes.plan.output.slice(), outputDimensions(of, values.shape), 'float32')
    return { value, gradFunc }
  }) as (values: tf.Tensor) => tf.Tensor
}

/**
 * An operator of values as a function of tensors: the last axis holds the items, the others are rows.
 *
 * ```ts
 * import * as tf from '@tensorflow/tfjs'
 * import { differentiable } from 'rank-bench/tfjs'
 *
 * const softRank = differentiable('rank:permutahedron[strength=0.1]')
 * softRank(tf.tensor([5, 1, 2])).print() // [3, 1, 2]
 * tf.grad((x) => softRank(x).square().sum())(tf.tensor([5, 1, 2]))
 * ```
 *
 * The function throws RankBenchError(value) on values that are NaN or infinite, with row and index.
 * @throws RankBenchError(usage) unless `selector` names one operator of values
 */
export function differentiable(selector: string): (values: tf.Tensor) => tf.Tensor {
  const of = operated(selector)
  if (factsOf(of.ref.operator).labels) {
    throw usageError(
      `${of.ref.name} takes labels`,
      `rankingLoss('${of.ref.method}') is a function of labels and scores`,
    )
  }
  return (values) => {
    requireItems(of, values)
    return customOperator(of, undefined)(asFloat(values))
  }
}

/**
 * A learning-to-rank loss of labels and scores, in the order in which TensorFlow.js calls losses: for `model.compile({ loss })`, and for
 * loops of one's own. A batch is lists x items, or lists x items x 1 as layers put it out; `ignore=-1` leaves padded items out.
 *
 * ```ts
 * import { rankingLoss } from 'rank-bench/tfjs'
 *
 * model.compile({ optimizer: 'adam', loss: rankingLoss('approx-ndcg[alpha=10]') })
 * await model.fit(features, labels)
 * ```
 *
 * The function throws RankBenchError(value) on scores that are NaN or infinite, and on labels that the loss refuses.
 * @param loss its method and parameters, e.g. `listnet`, `lambdarank[k=10]`
 * @throws RankBenchError(usage) unless it names one loss
 */
export function rankingLoss(loss: string): (labels: tf.Tensor, scores: tf.Tensor) => tf.Tensor {
  const operator: Operator = 'loss'
  const of = operated(`${operator}:${loss}`)
  return (labels, scores) => {
    requireItems(of, scores)
    const flat = (tensor: tf.Tensor) =>
      tensor.rank > 2 && tensor.shape[tensor.rank - 1] === 1 ? tf.squeeze(tensor, [-1]) : tensor
    const [x, y] = [flat(scores), flat(labels)]
    if (x.shape.join() !== y.shape.join()) {
      throw usageError(
        `${of.ref.name}: labels are ${y.shape.join(' x ')}; expected ${x.shape.join(' x ')}, as the scores`,
      )
    }
    return customOperator(of, y)(asFloat(x))
  }
}
