/** Plans of losses: passes of its own for each list, and a reduction over the lists of a batch. */

import type {
  CurvaturePass,
  DiagonalPass,
  Engine,
  Execution,
  Growth,
  OperatorSpec,
  Plan,
  TangentPass,
} from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { type FloatArray, itemCount, type Precision, rowCount, type Shape } from '../../core/shape.ts'
import { reduction } from './declared-params.ts'
import { type Kernels, withLossKernels } from './fast-plan.ts'
import { negativeLabels, requireGrades, requireListWeights, requireWeights } from './loss-checks.ts'
import { load, precisionBuffer, store } from './precision-buffer.ts'
import { weigh } from './weigh.ts'

/** One list of n items. */
export interface ScoredList {
  readonly scores: Float64Array
  readonly labels: Float64Array
  /** Item weights; 1 unless the caller wrote some. */
  readonly weights: Float64Array
}

export interface LossPasses {
  /** The loss of the list as its paper sums it, over items or pairs. 0 for a list it says nothing about. */
  value(): number
  /** Writes `scale` times the gradient in the scores, at the scores of the last `value`. */
  gradient(scale: number, out: Float64Array): void
  /** Writes `scale` times the Hessian times a direction in the scores, at the scores of the last `value`. */
  bend?(scale: number, direction: Float64Array, out: Float64Array): void
  /** Writes `scale` times the diagonal of the Hessian, at the scores of the last `value`. */
  diagonal?(scale: number, out: Float64Array): void
  /** Facts about the last value, e.g. the residual of an iteration; the same names in every list of a plan. */
  readonly facts?: Readonly<Record<string, () => number>>
}

/** Allocates everything a list needs; its passes allocate nothing. */
export type MakeLoss = (list: ScoredList, params: Params) => LossPasses

/** The lists of a batch, one after another. */
export interface ScoredBatch extends ScoredList {
  readonly shape: Shape
}

/** The lists of a batch that share something, e.g. another operator that runs on all of them at once. */
export interface LossBatch {
  /** One a list. Their gradients go through `finish`; `out` is theirs to use or not. */
  readonly passes: readonly LossPasses[]
  /** Runs before the values of the lists. */
  prepare(): void
  /** Runs after the gradients of the lists; writes those in the scores of the batch. */
  finish(gradient: Float64Array): void
  /** Writes the Hessian times a direction, list q's loss times `scaleOf(q)`; left out where lists bend by themselves or cannot. */
  bend?(scaleOf: (q: number) => number, direction: Float64Array, out: Float64Array): void
  /** Kernels are of something else than scores: what they bend and their diagonals are not those in the scores. */
  readonly indirect?: true
  dispose(): void
  readonly engine: Engine
  /** Facts about the last values, by name: the number of list q. */
  readonly facts?: Readonly<Record<string, (q: number) => number>>
}

/** Nothing where it cannot be carried out as asked. */
export type MakeLossBatch = (batch: ScoredBatch, params: Params, execution: Execution) => LossBatch | undefined

export interface LossDeclaration {
  readonly params: ParamSpace
  readonly growth: { readonly forward: Growth; readonly backward: Growth; readonly memory: Growth }
  /** `gain`: labels are grades. `any`: only their order or size matters, and those below 0 may be allowed. */
  readonly labels: 'gain' | 'any'
  /** Default exact. */
  readonly gradient?: OperatorSpec['gradient']
  readonly promises?: OperatorSpec['promises']
  /** Plans have item weights, which every list then honours. Default true. */
  readonly weighted?: boolean
}

/** Forward mode of a number is its gradient times the direction. */
function tangentPass(
  { passes, finish }: LossBatch,
  shape: Shape,
  precision: Precision,
  outputs: number,
  scaleOf: (q: number) => number,
): () => TangentPass {
  let pass: TangentPass | undefined
  const create = (): TangentPass => {
    const input = precisionBuffer(precision, itemCount(shape))
    const output = precisionBuffer(precision, outputs)
    const gradient = new Float64Array(itemCount(shape))
    const parts = passes.map((_, q) => gradient.subarray(shape.offsets[q], shape.offsets[q + 1]))
    return {
      input: input.outer,
      output: output.outer,
      run() {
        load(input)
        output.inner.fill(0)
        for (let q = 0; q < passes.length; q++) passes[q].gradient(scaleOf(q), parts[q])
        finish(gradient)
        for (let q = 0; q < passes.length; q++) {
          const at = outputs === passes.length ? q : 0
          for (let i = 0; i < parts[q].length; i++) output.inner[at] += parts[q][i] * input.inner[shape.offsets[q] + i]
        }
        store(output)
      },
    }
  }
  return () => {
    pass ??= create()
    return pass
  }
}

/** The Hessian times a direction, and its diagonal, where lists have them. */
function secondOrder(
  batch: LossBatch,
  shape: Shape,
  precision: Precision,
  scales: () => (q: number) => number,
): Pick<Plan, 'curvature' | 'diagonal'> {
  const { passes } = batch
  const partsOf = (whole: Float64Array) => passes.map((_, q) => entriesOf(whole, shape, q))
  const curvature = (): CurvaturePass => {
    const [input, output] = Array.from({ length: 2 }, () => precisionBuffer(precision, itemCount(shape)))
    const [inputs, outputs] = [partsOf(input.inner), partsOf(output.inner)]
    const run = () => {
      const scaleOf = scales()
      load(input)
      if (batch.bend) batch.bend(scaleOf, input.inner, output.inner)
      else for (let q = 0; q < passes.length; q++) passes[q].bend!(scaleOf(q), inputs[q], outputs[q])
      store(output)
    }
    return { input: input.outer, output: output.outer, run }
  }
  const diagonal = (): DiagonalPass => {
    const output = precisionBuffer(precision, itemCount(shape))
    const outputs = partsOf(output.inner)
    const run = () => {
      const scaleOf = scales()
      for (let q = 0; q < passes.length; q++) passes[q].diagonal!(scaleOf(q), outputs[q])
      store(output)
    }
    return { output: output.outer, run }
  }
  const all = (pass: 'bend' | 'diagonal') => !batch.indirect && passes.every((each) => each[pass])
  return { ...((batch.bend || all('bend')) && { curvature }), ...(all('diagonal') && { diagonal }) }
}

/** What a plan of a loss is written to and read from; weights are 1 unless a caller writes others. */
function lossBuffers(shape: Shape, precision: Precision, outputs: number, weighted: boolean) {
  const [values, labels, gradient] = Array.from({ length: 3 }, () => precisionBuffer(precision, itemCount(shape)))
  const [output, cotangent] = Array.from({ length: 2 }, () => precisionBuffer(precision, outputs))
  const weights = precisionBuffer(weighted ? precision : 'f64', itemCount(shape))
  const listWeights = precisionBuffer(precision, rowCount(shape))
  weights.outer.fill(1)
  listWeights.outer.fill(1)
  weights.inner.fill(1)
  return { values, labels, weights, listWeights, output, cotangent, gradient }
}

/** The same as a caller sees it. */
const outsideOf = (buffers: ReturnType<typeof lossBuffers>, weighted: boolean) => ({
  values: buffers.values.outer,
  labels: buffers.labels.outer,
  weights: weighted ? buffers.weights.outer : undefined,
  listWeights: buffers.listWeights.outer,
  output: buffers.output.outer,
  cotangent: buffers.cotangent.outer,
  gradient: buffers.gradient.outer,
})

function planLoss(
  shape: Shape,
  params: Params,
  precision: Precision,
  declared: LossDeclaration,
  make: (batch: ScoredBatch) => LossBatch | undefined,
): Plan | undefined {
  const lists = rowCount(shape)
  const separate = params.reduction === 'none'
  const weighted = declared.weighted ?? true
  const grades = declared.labels === 'gain' || params['negative-labels'] !== true
  const outputs = separate ? lists : 1
  const buffers = lossBuffers(shape, precision, outputs, weighted)
  const { values, labels, weights, listWeights, output, cotangent, gradient } = buffers
  const batch = make({ shape, scores: values.inner, labels: labels.inner, weights: weights.inner })
  if (!batch) return undefined
  const { passes } = batch
  const gradients = Array.from({ length: lists }, (_, q) => entriesOf(gradient.inner, shape, q))
  const facts = Object.entries(batch.facts ?? {}).map(([name, of]) => ({ name, of, rows: new Float64Array(lists) }))
  // A batch of no lists has mean 0, not 0 / 0.
  const share = params.reduction === 'mean' ? 1 / Math.max(1, lists) : 1
  const scaleOf = (q: number): number => share * listWeights.inner[q]
  return {
    ...outsideOf(buffers, weighted),
    engine: batch.engine,
    ...(facts.length > 0 && { diagnostics: Object.fromEntries(facts.map(({ name, rows }) => [name, rows])) }),
    forward() {
      load(values)
      load(labels)
      if (grades) requireGrades(labels.inner, shape, declared.labels === 'any')
      if (weighted) {
        load(weights)
        requireWeights(weights.inner, shape)
      }
      load(listWeights)
      requireListWeights(listWeights.inner)
      batch.prepare()
      output.inner.fill(0)
      for (let q = 0; q < lists; q++) output.inner[separate ? q : 0] += weigh(scaleOf(q), passes[q].value())
      for (const { of, rows } of facts) for (let q = 0; q < lists; q++) rows[q] = of(q)
      store(output)
    },
    backward() {
      load(cotangent)
      for (let q = 0; q < lists; q++) passes[q].gradient(scaleOf(q) * cotangent.inner[separate ? q : 0], gradients[q])
      batch.finish(gradient.inner)
      store(gradient)
    },
    ...secondOrder(batch, shape, precision, () => {
      load(cotangent)
      return (q) => scaleOf(q) * cotangent.inner[separate ? q : 0]
    }),
    tangents: tangentPass(batch, shape, precision, outputs, scaleOf),
    dispose: () => batch.dispose(),
  }
}

/** What is list q's of the numbers of a batch. */
export const entriesOf = <T extends FloatArray>(whole: T, { offsets }: Shape, q: number): T =>
  whole.subarray(offsets[q], offsets[q + 1]) as T

/** Lists that have nothing in common. */
const separately =
  (make: MakeLoss, params: Params) =>
  ({ shape, scores, labels, weights }: ScoredBatch): LossBatch => {
    const passes = Array.from({ length: rowCount(shape) }, (_, q) =>
      make(
        {
          scores: entriesOf(scores, shape, q),
          labels: entriesOf(labels, shape, q),
          weights: entriesOf(weights, shape, q),
        },
        params,
      ),
    )
    const names = Object.keys(passes[0]?.facts ?? {})
    return {
      passes,
      engine: 'reference',
      facts: Object.fromEntries(names.map((name) => [name, (q: number) => passes[q].facts![name]()])),
      prepare() {},
      finish() {},
      // Nothing but memory is held; the collector frees it.
      dispose() {},
    }
  }

/** An operator that a loss is made of, on the engine that is asked for, or nothing where it has no kernels there. */
export function nestedPlan(spec: OperatorSpec, shape: Shape, params: Params, execution: Execution): Plan | undefined {
  if (execution.engine === 'reference') return spec.plan(shape, params, 'f64')
  return spec.fast?.(shape, params, 'f64', execution)
}

const declaredLoss = (declared: LossDeclaration): Omit<OperatorSpec, 'plan'> => ({
  params: { ...declared.params, ...(declared.labels === 'any' && { 'negative-labels': negativeLabels }), reduction },
  growth: declared.growth,
  gradient: declared.gradient ?? 'exact',
  promises: declared.promises ?? { shift: 'stays' },
  ...((declared.weighted ?? true) && { weighted: true }),
})

/** A loss whose lists share something: `make` is asked for either engine, and always answers for the reference. */
export const batchLossOperator = (declared: LossDeclaration, make: MakeLossBatch): OperatorSpec => ({
  ...declaredLoss(declared),
  plan: (shape, params, precision) =>
    planLoss(shape, params, precision, declared, (batch) => make(batch, params, { engine: 'reference' }))!,
  fast: (shape, params, precision, execution) =>
    planLoss(shape, params, precision, declared, (batch) => make(batch, params, execution)),
})

/**
 * A loss: mean over the lists unless told otherwise, empty lists counted with 0. `reduction` becomes its last parameter. List
 * weights v multiply: the mean is (1 / lists) sum of v_q L_q, divided by the number of lists and not by the sum of their
 * weights, as Keras and Rax reduce weighted losses.
 * With gain labels `forward` throws RankBenchError(value) on a negative label. `kernels`: the engine's, where it has some.
 */
export function lossOperator(declared: LossDeclaration, make: MakeLoss, kernels?: Kernels): OperatorSpec {
  const reference: OperatorSpec = {
    ...declaredLoss(declared),
    plan: (shape, params, precision) => planLoss(shape, params, precision, declared, separately(make, params))!,
  }
  return kernels ? withLossKernels(reference, declared.labels === 'gain', kernels) : reference
}
