/** The contract of a method: a family that implements one or more operators. Built-ins and plug-ins are the same thing. */

import type { ParamSpace, Params } from './params.ts'
import type { FloatArray, Precision, Shape } from './shape.ts'

/** What is computed. `matrix` is a relaxed permutation, rows = positions. */
export type Operator = 'sort' | 'rank' | 'matrix' | 'loss'
export type Growth = 'n' | 'n log n' | 'n^2'

export interface Citation {
  readonly authors: string
  readonly title: string
  readonly venue: string
  readonly year: number
  readonly url?: string
}

/**
 * Buffers and the two passes for one shape, as an FFTW plan: everything is allocated here, `forward` and
 * `backward` take no arguments and allocate nothing. `backward` uses what the last `forward` left behind.
 */
export interface Plan {
  /** Input, one entry an item. */
  readonly values: FloatArray
  /** Item labels; present exactly when the operator is a loss. */
  readonly labels: FloatArray | undefined
  /** sort, rank: one entry an item. matrix: n*n entries a row, row-major. loss: 1 entry, or one a row (reduction=none). */
  readonly output: FloatArray
  /** Gradient of the caller's scalar in `output`; same length as `output`. */
  readonly cotangent: FloatArray
  /** Gradient of the caller's scalar in `values`, written by `backward`. */
  readonly gradient: FloatArray
  forward(): void
  backward(): void
  dispose(): void
}

/** One operator of one method. */
export interface OperatorSpec {
  readonly params: ParamSpace
  readonly growth: { readonly forward: Growth; readonly backward: Growth; readonly memory: Growth }
  /** `exact`: backward is the derivative of forward almost everywhere. `surrogate`: by design it is not. */
  readonly gradient: 'exact' | 'surrogate'
  plan(shape: Shape, params: Params, precision: Precision): Plan
}

export interface Method {
  readonly name: string
  readonly title: string
  readonly citations: readonly Citation[]
  readonly operators: Partial<Readonly<Record<Operator, OperatorSpec>>>
}

/** Identity; keeps literal types of a method definition. */
export const defineMethod = (method: Method): Method => method

/** `operator:method` of every operator in `methods`. */
export function operatorCatalogue(methods: Iterable<Method>): Map<string, OperatorSpec> {
  const catalogue = new Map<string, OperatorSpec>()
  for (const method of methods) {
    for (const [operator, spec] of Object.entries(method.operators)) catalogue.set(`${operator}:${method.name}`, spec)
  }
  return catalogue
}
