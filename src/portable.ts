/**
 * What runs wherever JavaScript does: operators, losses, plans. Nothing here needs a module of Node, so that it can be bundled for
 * browsers (browser.ts).
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
