/** The contract of a method: a family that implements one or more operators. Built-ins and plug-ins are the same thing. */

import type { KernelVariant } from './kernel-variant.ts'
import type { Operator } from './operators.ts'
import type { ParamSpace, Params } from './params.ts'
import type { FloatArray, Precision, Shape } from './shape.ts'

export type Growth = 'n' | 'n log n' | 'n log^2 n' | 'n^2' | 'n^2 log^2 n' | 'n^3'
/** `exact`: backward is the derivative of forward almost everywhere. `surrogate`: by design it is not. */
export type GradientKind = 'exact' | 'surrogate'

export interface Citation {
  readonly authors: string
  readonly title: string
  readonly venue: string
  readonly year: number
  readonly url?: string
}

/** Forward mode: the directional derivative of the output along a direction in the values. */
export interface TangentPass {
  /** Direction in `values`. */
  readonly input: FloatArray
  /** Derivative of `output` along it, written by `run`. */
  readonly output: FloatArray
  /** At the values of the last `forward`. Allocates nothing. */
  run(): void
}

/** Second derivatives of the caller's scalar in the values, its gradient in the output held at `cotangent`. */
export interface CurvaturePass {
  /** Direction in `values`. */
  readonly input: FloatArray
  /** Derivative of `gradient` along it, the Hessian times the direction, written by `run`. */
  readonly output: FloatArray
  /** At the values of the last `forward`. Overwrites nothing but its own buffers and `gradient`. */
  run(): void
}

/** The diagonal of the Hessian of a loss: its second derivative in every score alone. */
export interface DiagonalPass {
  readonly output: FloatArray
  /** At the values of the last `forward` and the `cotangent`. */
  run(): void
}

/**
 * Buffers and the passes for one shape, as an FFTW plan: everything is allocated here, `forward` and
 * `backward` take no arguments and allocate nothing. `backward` uses what the last `forward` left behind.
 */
export interface Plan {
  /** Input, one entry an item. */
  readonly values: FloatArray
  /** Item labels; present exactly when the operator is a loss. */
  readonly labels: FloatArray | undefined
  /** Item weights, 1 until written; present when the operator takes weights. */
  readonly weights?: FloatArray | undefined
  /** List weights, one a row, 1 until written: each multiplies the loss of its list; present when the operator is a loss. */
  readonly listWeights?: FloatArray | undefined
  /**
   * Row after row as `operators.ts` says; a matrix row-major; a loss 1 entry, or one a row (reduction=none). `backward` may read
   * it: what writes to it in between changes the gradient.
   */
  readonly output: FloatArray
  /** Gradient of the caller's scalar in `output`; same length as `output`. */
  readonly cotangent: FloatArray
  /** Gradient of the caller's scalar in `values`, written by `backward`. */
  readonly gradient: FloatArray
  /** Facts about the last forward that a user should know, e.g. the residual of an iteration. */
  readonly diagnostics?: Readonly<Record<string, FloatArray>> | undefined
  forward(): void
  backward(): void
  /** Who runs the passes; reference unless said. */
  readonly engine?: Engine
  /** What the last forward chose to do for each row, where there was a choice. */
  algorithms?(): readonly string[]
  /** The pass of forward mode; its buffers are allocated on the first call and shared by later ones. */
  readonly tangents?: (() => TangentPass) | undefined
  /** By formula: present where the family has one. */
  curvature?(): CurvaturePass
  /** By formula: present for losses that have one. */
  diagonal?(): DiagonalPass
  dispose(): void
}

/** `reference`: plain TypeScript that reads like the formula. `fast`: kernels in WebAssembly. */
export type Engine = 'reference' | 'fast'

/** The calling one included. */
export const mostThreads = 64

/** How a plan is carried out. */
export interface Execution {
  /**
   * Default: kernels where there are some for the operator, its parameters and the shape, else the reference; where the machine
   * refuses the engine, the reference after a warning. `fast`: a machine without the engine is an error. `plan.engine` says who it is.
   */
  readonly engine?: Engine | undefined
  /** Threads of the fast engine, this one included; default 1. Results do not depend on it. */
  readonly threads?: number | undefined
  /** Sorts of the fast engine start from the order of the last forward: quicker while values change little. Default false. */
  readonly reuseOrder?: boolean | undefined
}

/** How softness is set. */
export interface Softness {
  readonly param: string
  /** Larger values are harder (steepness, alpha); softness is then 1 / value. */
  readonly inverse?: true
  /** The unit of the parameter, as a power of the unit of the values: strength 1, steepness -1, no unit 0. */
  readonly units: number
  /** `false`: rescaling values and softness together changes the answer (the family has no simple unit). */
  readonly scales?: false
}

/**
 * What a method promises of one operator at given parameters; `rank-bench check` holds it to every word.
 * What is left out is not promised, and not checked.
 */
export interface Promises {
  readonly softness?: Softness
  /** Towards softness 0 the output tends to that of the hard operator. */
  readonly hardLimit?: boolean
  /** The softness up to which the output is hard but for rounding; `sorted` is ascending. */
  readonly hardUpTo?: (sorted: Float64Array, params: Params) => number
  /** What the entries of a row sum to: the sum of its values, of 1..n, or k. */
  readonly sum?: 'values' | 'ranks' | 'k'
  readonly stochastic?: 'rows' | 'rows and columns'
  /** rank, topk: x_i > x_j implies y_i >= y_j. sort: outputs are in order of positions. */
  readonly ordered?: boolean
  /** sort: no output falls when a value grows. rank, topk: the own entry does not fall when its value grows. `false`: check looks for a counterexample. */
  readonly monotone?: boolean
  /** Adding a constant to a row: `moves` the output with it, or leaves it as it `stays`. */
  readonly shift?: 'moves' | 'stays'
  /** sort: partial sums are those of a vector majorised by the values. */
  readonly majorised?: boolean
  /** rank, matrix, topk: `by position` when tied items may get different entries. Default: they get equal ones. */
  readonly ties?: 'by position'
  /** Tied values are kinks, or so nearly that no difference quotient sees the derivative there. */
  readonly kinksAtTies?: true
  /** `false`: the order of the items matters, ties apart. */
  readonly symmetric?: false
  /** Rows of P are made from the rows before: rounding comes back multiplied by values over softness. */
  readonly recursive?: true
  /** The operator divides by the spread of its soft ranks. That spread can be as small as the square of the values' spread, so rounding errors grow by the inverse of it. */
  readonly standardises?: true
  /** What the gradient of the operator in a loss is multiplied by: one over its softness in values. */
  readonly steepness?: number
  /** Sorted values lie beyond the values, by so much: roundings are of that size, also where a quantile cancels them. */
  readonly beyond?: (n: number) => number
}

/** One operator of one method. */
export interface OperatorSpec {
  readonly params: ParamSpace
  readonly growth: { readonly forward: Growth; readonly backward: Growth; readonly memory: Growth }
  readonly gradient: GradientKind | ((params: Params) => GradientKind)
  readonly promises?: Promises | ((params: Params) => Promises)
  /** Plans have item weights. */
  readonly weighted?: true
  /** The reference implementation. */
  plan(shape: Shape, params: Params, precision: Precision): Plan
  /** Which kernels carry it out, where that is data. A parameter that none of them mentions has to be at its default. */
  readonly kernels?: readonly KernelVariant[]
  /**
   * matrix: the operator whose output is the logarithm of every entry, exact also where the entry is less than any number;
   * nothing where these parameters have none.
   */
  logarithm?(params: Params): OperatorSpec | undefined
  /** The same on the engine; nothing where it has no kernel for these parameters or cannot run here. */
  fast?(shape: Shape, params: Params, precision: Precision, execution: Execution): Plan | undefined
}

/** The operator with `plan` carried out as asked. */
export const executed = (spec: OperatorSpec, execution: Execution = {}): OperatorSpec =>
  spec.fast && execution.engine !== 'reference'
    ? {
        ...spec,
        plan: (shape, params, precision) =>
          spec.fast!(shape, params, precision, execution) ?? spec.plan(shape, params, precision),
      }
    : spec

export const gradientKind = ({ gradient }: OperatorSpec, params: Params): GradientKind =>
  typeof gradient === 'function' ? gradient(params) : gradient

export const promisesOf = ({ promises }: OperatorSpec, params: Params): Promises =>
  typeof promises === 'function' ? promises(params) : (promises ?? {})

export interface Method {
  readonly name: string
  readonly title: string
  readonly citations: readonly Citation[]
  readonly operators: Partial<Readonly<Record<Operator, OperatorSpec>>>
}

/**
 * A method as it is, with its literal types kept. Plug-ins are handed the same function.
 *
 * @example
 * ```ts
 * const nothing = defineMethod({ name: 'nothing', title: 'a family of no operator', citations: [], operators: {} })
 * Object.keys(nothing.operators) // []
 * ```
 */
export const defineMethod = (method: Method): Method => method

/** `operator:method` of every operator in `methods`. */
export function operatorCatalogue(methods: Iterable<Method>): Map<string, OperatorSpec> {
  const catalogue = new Map<string, OperatorSpec>()
  for (const method of methods) {
    for (const [operator, spec] of Object.entries(method.operators)) catalogue.set(`${operator}:${method.name}`, spec)
  }
  return catalogue
}
