/**
 * Operators as functions of plain arrays. Each takes one row or a batch of rows of any lengths (arrays or typed arrays),
 * answers with plain arrays of the same nesting, and never changes its input.
 *
 * Options are the method, the precision, a mask, and the parameters of the method by name; `rank-bench list methods`
 * prints them. All functions throw RankBenchError: kind `usage` for an unknown method or parameter, kind `value` for
 * a number that is missing, NaN or infinite, with its row and index.
 *
 * With a mask, absent items (false) take no part, whatever they hold, NaN included. Ranks and gradients are 0 there.
 * Sorted values and matrix rows are positions, not items: those of the k present items come first, then 0.
 */

import { type Nested, rowsOf, type Values } from '../methods/kit/nesting.ts'
import { alongAxis } from '../methods/kit/tensor.ts'
import type { Numbers } from './apply.ts'
import { type Options, run } from './call.ts'

export interface LossOptions extends Options {
  /** Default mean. */
  readonly reduction?: 'mean' | 'sum' | 'none'
}

export interface QuantileOptions extends Options {
  /** Level from 0 to 1, or a list of them; default 0.5, the median. */
  readonly q?: number | readonly number[]
}

/** One number, or one a row; as many as levels where these are a list. */
export type QuantileValue<V extends Values, O extends QuantileOptions> = O extends { readonly q: readonly number[] }
  ? Nested<V>
  : Nested<V> extends number[][]
    ? number[]
    : number

/** The relaxed permutations of values: an n x n matrix for a row, a list of them for a batch. */
export type NestedMatrix<V extends Values> = Nested<V> extends number[][] ? number[][][] : number[][]

/** One number; one a row with reduction none on a batch. */
export type LossValue<V extends Values, O extends LossOptions> = O extends { readonly reduction: 'none' }
  ? Nested<V> extends number[][]
    ? number[]
    : number
  : number

/**
 * Sorted values that are differentiable in the values; by default ascending, by projection on the permutahedron.
 *
 * @example
 * ```ts
 * softSort([5, 1, 2], { strength: 0.1 }) // [1, 2, 5]
 * softSort([5, 1, 2], { strength: 1 }) // [5 / 3, 8 / 3, 11 / 3]
 * softSort([5, 1, 2], { strength: 0.1, weights: [1, 2, 1] }) // [1, 1.5, 4.25]
 * ```
 *
 * Item weights, with permutahedron and sinkhorn, are masses that share the positions out: an item of weight 2 is two that are tied.
 */
export const softSort = <V extends Values>(values: V, options: Options = {}): Nested<V> =>
  run('sort', 'permutahedron', values, options, {}).output as Nested<V>

/**
 * `softSort` and the gradient in the values of the scalar whose gradient in the sorted values is `cotangent`.
 *
 * @example
 * ```ts
 * softSortWithGradient([5, 1, 2], [1, 0, 0], { strength: 0.1 }) // { output: [1, 2, 5], gradient: [0, 1, 0] }
 * ```
 */
export function softSortWithGradient<V extends Values>(
  values: V,
  cotangent: Values,
  options: Options = {},
): { output: Nested<V>; gradient: Nested<V> } {
  return run('sort', 'permutahedron', values, options, { cotangent }) as { output: Nested<V>; gradient: Nested<V> }
}

/**
 * Ranks, from 1, that are differentiable in the values; by default ascending (the smallest value has rank 1), by
 * projection on the permutahedron. `direction: 'descending'` gives the largest value rank 1.
 *
 * @example
 * ```ts
 * softRank([5, 1, 2]) // [3, 1, 2]
 * softRank([5, 1, 2], { strength: 2 }) // [3, 1.25, 1.75]
 * softRank([5, 1, 2], { strength: 0.1, weights: [1, 2, 1] }) // [3, 4 / 3, 7 / 3]
 * ```
 *
 * Weights are those of `softSort`.
 */
export const softRank = <V extends Values>(values: V, options: Options = {}): Nested<V> =>
  run('rank', 'permutahedron', values, options, {}).output as Nested<V>

/**
 * `softRank` and the gradient in the values of the scalar whose gradient in the ranks is `cotangent`.
 *
 * @example
 * ```ts
 * softRankWithGradient([5, 1, 2], [0, 1, 0], { strength: 2 }).gradient // [0, 0.25, -0.25]
 * ```
 */
export function softRankWithGradient<V extends Values>(
  values: V,
  cotangent: Values,
  options: Options = {},
): { output: Nested<V>; gradient: Nested<V> } {
  return run('rank', 'permutahedron', values, options, { cotangent }) as { output: Nested<V>; gradient: Nested<V> }
}

/**
 * Relaxed permutation matrix P, rows = positions, columns = items; by default by SoftSort with the largest value in the
 * first row, as the papers print it.
 *
 * @example
 * ```ts
 * softPermutation([1, 3], { tau: 0 }) // [[0, 1], [1, 0]]
 * softPermutation([1, 3]) // [[0.119..., 0.880...], [0.880..., 0.119...]]
 * ```
 */
export const softPermutation = <V extends Values>(values: V, options: Options = {}): NestedMatrix<V> =>
  run('matrix', 'softsort', values, options, {}).output as NestedMatrix<V>

/**
 * `softPermutation` and the gradient in the values of the scalar whose gradient in P is `cotangent`, nested as P is.
 *
 * @example
 * ```ts
 * // How P[0][0] grows with each value.
 * softPermutationWithGradient([1, 3], [[1, 0], [0, 0]]).gradient // [0.104..., -0.104...]
 * ```
 */
export function softPermutationWithGradient<V extends Values>(
  values: V,
  cotangent: Numbers,
  options: Options = {},
): { output: NestedMatrix<V>; gradient: Nested<V> } {
  const applied = run('matrix', 'softsort', values, options, { cotangent })
  return applied as { output: NestedMatrix<V>; gradient: Nested<V> }
}

/**
 * Soft mask of the k largest values (`direction: 'ascending'`: the smallest); by default by LapSum, whose mask sums to k
 * exactly, whole or not.
 *
 * @example
 * ```ts
 * softTopK([5, 1, 2], { k: 2, alpha: 1 }) // [0.985..., 0.310..., 0.704...]
 * softTopK([5, 1, 2], { k: 2, alpha: 0 }) // [1, 0, 1]
 * ```
 */
export const softTopK = <V extends Values>(values: V, options: Options = {}): Nested<V> =>
  run('topk', 'lapsum', values, options, {}).output as Nested<V>

/**
 * `softTopK` and the gradient in the values of the scalar whose gradient in the mask is `cotangent`.
 *
 * @example
 * ```ts
 * softTopKWithGradient([5, 1, 2], [1, 0, 0], { k: 2, alpha: 1 }).gradient // [0.0143..., -0.0073..., -0.0070...]
 * ```
 */
export function softTopKWithGradient<V extends Values>(
  values: V,
  cotangent: Values,
  options: Options = {},
): { output: Nested<V>; gradient: Nested<V> } {
  return run('topk', 'lapsum', values, options, { cotangent }) as { output: Nested<V>; gradient: Nested<V> }
}

/**
 * Quantile of each row that is differentiable in the values; by default the median (`q: 0.5`), by projection on the
 * permutahedron.
 *
 * @example
 * ```ts
 * softQuantile([5, 1, 2], { strength: 0.1 }) // 2
 * softQuantile([[5, 1], [2, 4]], { q: 1, strength: 0.1 }) // [5, 4]
 * // Several levels from one sort.
 * softQuantile([5, 1, 2], { q: [0, 0.5, 1], strength: 0.1 }) // [1, 2, 5]
 * ```
 */
export const softQuantile = <V extends Values, const O extends QuantileOptions>(
  values: V,
  options?: O,
): QuantileValue<V, O> => run('quantile', 'permutahedron', values, options, {}).output as QuantileValue<V, O>

/**
 * `softQuantile` and the gradient in the values of the scalar whose gradient in the quantiles is `cotangent`, nested as they are.
 *
 * @example
 * ```ts
 * softQuantileWithGradient([5, 1, 2], [1, 10], { q: [0, 1], strength: 0.1 }) // { output: [1, 5], gradient: [10, 1, 0] }
 * ```
 */
export function softQuantileWithGradient<V extends Values, const O extends QuantileOptions>(
  values: V,
  cotangent: Numbers,
  options?: O,
): { output: QuantileValue<V, O>; gradient: Nested<V> } {
  const applied = run('quantile', 'permutahedron', values, options, { cotangent })
  return { output: applied.output as QuantileValue<V, O>, gradient: applied.gradient as Nested<V> }
}

/**
 * 1 - Spearman correlation with soft ranks, mean over the lists of a batch. `rank` selects the soft rank.
 *
 * @example
 * ```ts
 * spearmanLoss([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) // 0.1679...
 * spearmanLoss([3, 1, 2], [2, 0, 1], { rank: 'sigmoid[strength=0.1]' }) // 0
 * ```
 */
export function spearmanLoss<V extends Values, const O extends LossOptions>(
  scores: V,
  labels: Values,
  options?: O,
): LossValue<V, O> {
  return run('loss', 'spearman', scores, options, { labels }).output as LossValue<V, O>
}

/**
 * `spearmanLoss` and its gradient in the scores.
 *
 * @example
 * ```ts
 * const { value, gradient } = spearmanLossWithGradient([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])
 * value // 0.1679...
 * gradient // [0.0554..., 0, -0.0554..., -0.1109..., 0.1109...]
 * ```
 */
export function spearmanLossWithGradient<V extends Values, const O extends LossOptions>(
  scores: V,
  labels: Values,
  options?: O,
): { value: LossValue<V, O>; gradient: Nested<V> } {
  return lossWithGradient('spearman', scores, labels, options)
}

/**
 * Any learning-to-rank loss; `rank-bench list methods` prints them. Mean over the lists of a batch.
 *
 * @example
 * ```ts
 * rankingLoss('listnet', [2, 1, 0.5], [0, 2, 1]) // 1.4967...
 * rankingLoss('approx-ndcg', [2, 1, 0.5], [0, 2, 1], { alpha: 10 }) // -0.6581...
 * ```
 */
export function rankingLoss<V extends Values, const O extends LossOptions>(
  loss: string,
  scores: V,
  labels: Values,
  options?: O,
): LossValue<V, O> {
  return run('loss', loss, scores, options, { labels }).output as LossValue<V, O>
}

/**
 * `rankingLoss` and its gradient in the scores. With reduction none, the gradient of each list's own loss.
 *
 * @example
 * ```ts
 * const { value, gradient } = rankingLossWithGradient('ranknet', [2, 1, 0.5], [0, 2, 1])
 * value // 3.4887...
 * gradient // [1.5486..., -1.1085..., -0.4400...]
 * ```
 */
export function rankingLossWithGradient<V extends Values, const O extends LossOptions>(
  loss: string,
  scores: V,
  labels: Values,
  options?: O,
): { value: LossValue<V, O>; gradient: Nested<V> } {
  return lossWithGradient(loss, scores, labels, options)
}

function lossWithGradient<V extends Values, const O extends LossOptions>(
  loss: string,
  scores: V,
  labels: Values,
  options: O | undefined,
): { value: LossValue<V, O>; gradient: Nested<V> } {
  const cotangent = unitCotangent(scores, options)
  const applied = run('loss', loss, scores, options, { labels, cotangent })
  return { value: applied.output as LossValue<V, O>, gradient: applied.gradient as Nested<V> }
}

/**
 * `rankingLossWithGradient` and the second derivative of the loss in every score alone, the diagonal of its Hessian: what the custom
 * objectives of LightGBM and XGBoost ask for. The pair weights of lambdarank and lambdaloss count as constants, as there; a
 * hinge has none and answers 0. `reduction: 'sum'` gives each list the scale it has alone.
 *
 * @example
 * ```ts
 * const { value, gradient, hessian } = rankingLossWithHessian('ranknet', [0, 0], [1, 0], { reduction: 'sum' })
 * value // Math.log(2)
 * gradient // [-0.5, 0.5]
 * hessian // [0.25, 0.25]
 * ```
 *
 * @throws RankBenchError(usage) for a loss without one by formula: pairwise, pointwise and softmax losses have one, and listnet,
 * listmle and kendall
 */
export function rankingLossWithHessian<V extends Values, const O extends LossOptions>(
  loss: string,
  scores: V,
  labels: Values,
  options?: O,
): { value: LossValue<V, O>; gradient: Nested<V>; hessian: Nested<V> } {
  const cotangent = unitCotangent(scores, options)
  const applied = run('loss', loss, scores, options, { labels, cotangent, hessian: 'diagonal' })
  const [gradient, hessian] = [applied.gradient as Nested<V>, applied.hessian as Nested<V>]
  return { value: applied.output as LossValue<V, O>, gradient, hessian }
}

/** 1 for the loss, or for that of each list. */
function unitCotangent(scores: Values, options: LossOptions | undefined): number | number[] {
  const rows = options?.axis === undefined ? scores.length : alongAxis(scores, options.axis, 'values').rows.length
  const separate = options?.reduction === 'none' && isBatch(scores)
  return separate ? Array<number>(rows).fill(1) : 1
}

const isBatch = (values: Values): boolean => rowsOf(values, 'values').batched
