/**
 * rank-bench: differentiable sorting, ranking and learning-to-rank losses.
 *
 * Three ways in, from the easiest to the fastest:
 *
 * ```ts
 * softRank([5, 1, 2], { strength: 2 })                        // functions of plain arrays
 * apply('rank:sigmoid[strength=0.1]', [[5, 1, 2], [4, 3]])    // any operator, by selector
 * plan('rank:permutahedron', regularShape(32, 100))           // buffers allocated once, run often
 * ```
 */

export { type Applied, type ApplyOptions, apply, applyOperator, type Numbers } from './api/apply.ts'
export type { Options } from './api/call.ts'
export {
  type LossOptions,
  type LossValue,
  type NestedMatrix,
  type QuantileOptions,
  type QuantileValue,
  rankingLoss,
  rankingLossWithGradient,
  rankingLossWithHessian,
  softPermutation,
  softPermutationWithGradient,
  softQuantile,
  softQuantileWithGradient,
  softRank,
  softRankWithGradient,
  softSort,
  softSortWithGradient,
  softTopK,
  softTopKWithGradient,
  spearmanLoss,
  spearmanLossWithGradient,
} from './api/convenience.ts'
export { type PlanOptions, plan } from './api/plan.ts'
export { type HessianOptions, type HessianVectorProduct, hessianVectorProduct } from './api/second-derivative.ts'
export { type SuggestedStrength, suggestStrength } from './api/suggest-strength.ts'
export type { OperatorWarning } from './api/warnings.ts'
export type { RunConfig } from './config/schema.ts'
export type { DataKinds, Dataset, DatasetBase } from './core/dataset.ts'
export { type ErrorKind, RankBenchError } from './core/errors.ts'
export {
  type Citation,
  defineMethod,
  type GradientKind,
  type Growth,
  type Method,
  type OperatorSpec,
  type Plan,
  type Promises,
  type Softness,
  type TangentPass,
} from './core/method.ts'
export type { Operator } from './core/operators.ts'
export type { ParamSpace, ParamSpec, Params, ParamValue } from './core/params.ts'
export type { Figure, Reporter, ReportTable, RunData, Section } from './core/report.ts'
export type { Ref } from './core/selector.ts'
export {
  type FloatArray,
  itemCount,
  maskedShape,
  type Precision,
  raggedShape,
  regularShape,
  requireFinite,
  rowCount,
  type Shape,
} from './core/shape.ts'
export type { Mask } from './methods/kit/masking.ts'
export type { Nested, Row, Values } from './methods/kit/nesting.ts'
export { lapsumTopKGradients, type TopKGradients } from './methods/lapsum/method.ts'
export { methods, operators } from './methods/registry.ts'
export type { Kit } from './plugins/kit.ts'
export type { Plugin, PluginParts } from './plugins/plugin.ts'
export { type ComparedRanking, compare, evaluate, judge, loadRun, render, report, run } from './run/library.ts'
export type { MeasuredRun, RunEvents, RunOptions } from './run/run.ts'
