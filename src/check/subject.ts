/** One operator at one point of its parameters, as laws look at it: plain numbers in, plain numbers out. */

import {
  type Execution,
  executed,
  gradientKind,
  type OperatorSpec,
  type Plan,
  type Promises,
  promisesOf,
} from '../core/method.ts'
import { hard, hardCounterpart, type MethodRef } from '../core/method-ref.ts'
import { factsOf, type Operator } from '../core/operators.ts'
import { type Params, sharedParams } from '../core/params.ts'
import { type Precision, raggedShape, type Shape } from '../core/shape.ts'

export type Labelled = {
  readonly values: ArrayLike<number>
  readonly labels: ArrayLike<number>
  /** Left out: 1. */
  readonly weights?: ArrayLike<number>
}

export interface Passes {
  readonly output: Float64Array
  readonly gradient: Float64Array
}

export interface Subject {
  readonly ref: MethodRef
  /** The word before the colon. */
  readonly operator: Operator
  readonly spec: OperatorSpec
  readonly promises: Promises
  readonly gradient: 'exact' | 'surrogate'
  readonly precision: Precision
  /** Rounding that a result may carry, relative to the largest number it is made of. */
  readonly rounding: number
  /** The hard operator of the same kind at the parameters they share; undefined when there is none. */
  readonly hard: (() => Subject) | undefined
  /** The reference implementation in f64, when this is the fast one; undefined where there is nothing to compare. */
  readonly reference: (() => Subject) | undefined
  /** The same operator at other parameters, or in another precision. */
  with(change: { readonly params?: Params; readonly precision?: Precision }): Subject
  /** A plan for one row of n items, the same one for the same n. */
  plan(n: number): Plan
  outputLength(n: number): number
  output(row: Labelled): Float64Array
  /** Both passes of one row. */
  run(row: Labelled, cotangent: ArrayLike<number>): Passes
  /** Both passes of a ragged batch; `cotangent` is for the whole output. */
  runBatch(rows: readonly Labelled[], cotangent: (length: number) => ArrayLike<number>): Passes
  /** Forward mode along `direction`; undefined when the operator has none. */
  push(row: Labelled, direction: ArrayLike<number>): Float64Array | undefined
  /** The Hessian of cotangent . output times `direction`; undefined when the operator has no second derivative by formula. */
  bend(row: Labelled, cotangent: ArrayLike<number>, direction: ArrayLike<number>): Float64Array | undefined
}

/** Finds an operator by name: how a subject reaches the hard one. */
export type FindOperator = (name: string) => OperatorSpec | undefined

function load(plan: Plan, rows: readonly Labelled[]): void {
  let at = 0
  plan.weights?.fill(1)
  for (const row of rows) {
    plan.values.set(row.values, at)
    plan.labels?.set(row.labels, at)
    if (row.weights) plan.weights?.set(row.weights, at)
    at += row.values.length
  }
}

type Runs = Pick<Subject, 'plan' | 'outputLength' | 'output' | 'run' | 'runBatch' | 'push' | 'bend'>

function passes(plan: Plan, cotangent: ArrayLike<number>): Passes {
  plan.cotangent.set(cotangent)
  plan.forward()
  plan.backward()
  return { output: Float64Array.from(plan.output), gradient: Float64Array.from(plan.gradient) }
}

/** What is run on rows: one plan a length, made when it is first asked for. */
function runsOf(make: (shape: Shape) => Plan): Runs {
  const plans = new Map<number, Plan>()
  const plan = (n: number): Plan => {
    const known = plans.get(n) ?? make(raggedShape([n]))
    plans.set(n, known)
    return known
  }
  return {
    plan,
    outputLength: (n) => plan(n).output.length,
    output(row) {
      const one = plan(row.values.length)
      load(one, [row])
      one.forward()
      return Float64Array.from(one.output)
    },
    run(row, cotangent) {
      const one = plan(row.values.length)
      load(one, [row])
      return passes(one, cotangent)
    },
    runBatch(rows, cotangent) {
      const batch = make(raggedShape(rows.map((row) => row.values.length)))
      load(batch, rows)
      const results = passes(batch, cotangent(batch.output.length))
      batch.dispose()
      return results
    },
    push(row, direction) {
      const one = plan(row.values.length)
      if (!one.tangents) return undefined
      load(one, [row])
      one.forward()
      const tangents = one.tangents()
      tangents.input.set(direction)
      tangents.run()
      return Float64Array.from(tangents.output)
    },
    bend(row, cotangent, direction) {
      const one = plan(row.values.length)
      if (!one.curvature) return undefined
      load(one, [row])
      passes(one, cotangent)
      const curvature = one.curvature()
      curvature.input.set(direction)
      curvature.run()
      return Float64Array.from(curvature.output)
    },
  }
}

const onReference: Execution = { engine: 'reference' }

/** Sums are of f64 in either precision. */
const roundingOf = (precision: Precision): number => (precision === 'f32' ? 2 ** -20 : 2 ** -36)

/** @param rounding what results may carry; default: what ours may */
export function createSubject(
  ref: MethodRef,
  spec: OperatorSpec,
  precision: Precision,
  find: FindOperator,
  execution: Execution = onReference,
  rounding = roundingOf(precision),
): Subject {
  const run = executed(spec, execution)
  const { operator } = ref
  const hardRef = hardCounterpart(ref)
  const hardSpec = ref.method === hard || !factsOf(operator).hard ? undefined : find(hardRef.name)
  const runs = runsOf((shape) => run.plan(shape, ref.params, precision))
  return {
    ref,
    operator,
    spec,
    precision,
    promises: promisesOf(spec, ref.params),
    gradient: gradientKind(spec, ref.params),
    rounding,
    hard:
      hardSpec &&
      (() =>
        createSubject({ ...hardRef, params: sharedParams(hardSpec.params, ref.params) }, hardSpec, precision, find)),
    reference: run === spec ? undefined : () => createSubject(ref, spec, 'f64', find),
    with: (change) =>
      createSubject(
        { ...ref, params: change.params ?? ref.params },
        spec,
        change.precision ?? precision,
        find,
        execution,
        change.precision === undefined ? rounding : roundingOf(change.precision),
      ),
    ...runs,
  }
}
