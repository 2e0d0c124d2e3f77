/** Plans of value operators on the engine's kernels, beside the reference that says what they must compute. */

import type { KernelVariant } from '../../core/kernel-variant.ts'
import type { Execution, OperatorSpec, Plan, TangentPass } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { allocate, type FloatArray, type Precision, rowCount, type Shape } from '../../core/shape.ts'
import { type KernelSpec, planKernels, planLossKernels } from '../../engine/kernel-plan.ts'
import { areOnes, onesTest } from './are-ones.ts'
import { ifHonoured } from './honoured.ts'
import { readVariants } from './kernel-variants.ts'
import { requireGrades, requireListWeights, requireWeights } from './loss-checks.ts'
import { weigh } from './weigh.ts'

/**
 * The kernels for these parameters, or nothing where only the reference covers them. Parameters that it does not read are
 * the reference's as well, unless they are at their defaults (honoured.ts).
 */
export type DescribeKernels = (shape: Shape, params: Params, precision: Precision) => KernelSpec | undefined

/** As data where that can say it, else as a function. */
export type Kernels = readonly KernelVariant[] | DescribeKernels

const describer = (kernels: Kernels): DescribeKernels =>
  typeof kernels === 'function'
    ? kernels
    : (shape, params, precision) => readVariants(kernels, shape, params, precision)

const asData = (kernels: Kernels): Pick<OperatorSpec, 'kernels'> => (typeof kernels === 'function' ? {} : { kernels })

/** Forward mode has no kernel of its own: a reference plan, made on first use, runs it at the plan's values. */
function referenceTangents(plan: Plan, makeReference: () => Plan): () => TangentPass {
  let pass: TangentPass | undefined
  const create = (): TangentPass => {
    const reference = makeReference()
    const { input, output, run } = reference.tangents!()
    return {
      input,
      output,
      run() {
        reference.values.set(plan.values)
        if (plan.labels) reference.labels!.set(plan.labels)
        if (plan.weights) reference.weights!.set(plan.weights)
        if (plan.listWeights) reference.listWeights!.set(plan.listWeights)
        reference.forward()
        run()
      },
    }
  }
  return () => {
    pass ??= create()
    return pass
  }
}

/**
 * Kernels of an item operator that know no weights: they run, and rows whose weights are not all 1 are then those of a reference
 * plan, made on first use, at the plan's buffers.
 */
function withWeights(plan: Plan, shape: Shape, precision: Precision, makeReference: () => Plan): Plan {
  const weights = allocate(precision, plan.values.length).fill(1)
  const rows = Array.from({ length: rowCount(shape) }, (_, q) => ({
    from: shape.offsets[q],
    to: shape.offsets[q + 1],
    weights: weights.subarray(shape.offsets[q], shape.offsets[q + 1]),
    weighted: false,
  }))
  const allOnes = onesTest(weights, precision)
  let reference: Plan | undefined
  let weighted = false
  const take = (found: FloatArray, into: FloatArray) => {
    for (const row of rows) if (row.weighted) into.set(found.subarray(row.from, row.to), row.from)
  }
  return {
    ...plan,
    weights,
    forward() {
      plan.forward()
      weighted = !allOnes()
      if (!weighted) return
      for (const row of rows) row.weighted = !areOnes(row.weights)
      reference ??= makeReference()
      reference.values.set(plan.values)
      reference.weights!.set(weights)
      reference.forward()
      take(reference.output, plan.output)
    },
    backward() {
      plan.backward()
      if (!weighted || !reference) return
      reference.cotangent.set(plan.cotangent)
      reference.backward()
      take(reference.gradient, plan.gradient)
    },
  }
}

/** The operator with the engine's kernels as its fast implementation. */
export const withKernels = (reference: OperatorSpec, description: Kernels): OperatorSpec => ({
  ...reference,
  ...asData(description),
  fast(shape: Shape, params: Params, precision: Precision, execution: Execution): Plan | undefined {
    const spec = ifHonoured(reference.params, params, (watched) => describer(description)(shape, watched, precision))
    const kernels = spec && planKernels(shape, precision, spec, execution)
    if (!kernels) return undefined
    const { weights, order: _, choices, facts, ...passes } = kernels
    const makeReference = () => reference.plan(shape, params, precision)
    const own: Plan = {
      ...passes,
      labels: undefined,
      weights: spec.weighted ? weights : undefined,
      engine: 'fast',
      ...(spec.fact && { diagnostics: { [spec.fact]: facts } }),
      ...algorithmOf(spec, choices),
    }
    const plan = reference.weighted && !spec.weighted ? withWeights(own, shape, precision, makeReference) : own
    return { ...plan, tangents: referenceTangents(plan, makeReference) }
  },
})

/**
 * A loss with the engine's kernels as its fast implementation. They answer one f64 a list; reduction and the scale of each
 * list's gradient are added here, in the order of the lists, whatever threads did.
 */
export const withLossKernels = (reference: OperatorSpec, grades: boolean, description: Kernels): OperatorSpec => ({
  ...reference,
  ...asData(description),
  fast(shape, params, precision, execution) {
    const { reduction, 'negative-labels': negative, ...asked } = params
    const spec = ifHonoured(reference.params, asked, (watched) => describer(description)(shape, watched, precision))
    const kernels = spec && planLossKernels(shape, precision, spec, execution)
    if (!kernels) return undefined
    const lists = rowCount(shape)
    const separate = reduction === 'none'
    // A batch of no lists has mean 0, not 0 / 0.
    const share = reduction === 'mean' ? 1 / Math.max(1, lists) : 1
    const listWeights = allocate(precision, lists).fill(1)
    const [output, cotangent] = Array.from({ length: 2 }, () => allocate(precision, separate ? lists : 1))
    const { values, labels, weights, gradient, choices, facts } = kernels
    const requireList = () => {
      if (grades || negative !== true) requireGrades(labels, shape, !grades)
      if (reference.weighted) requireWeights(weights, shape)
    }
    const plan: Plan = {
      values,
      labels,
      weights: reference.weighted ? weights : undefined,
      listWeights,
      gradient,
      output,
      cotangent,
      engine: 'fast',
      ...(spec.fact && { diagnostics: { [spec.fact]: facts } }),
      ...algorithmOf(spec, choices),
      forward() {
        if (!spec.checksList || !grades) requireList()
        requireListWeights(listWeights)
        kernels.forward()
        let sum = 0
        let refused = false
        for (let q = 0; q < lists; q++) {
          const loss = weigh(listWeights[q], kernels.losses[q])
          sum += loss
          if (separate) output[q] = loss
          refused ||= Number.isNaN(kernels.losses[q])
        }
        if (!separate) output[0] = share * sum
        if (spec.checksList && refused) requireList()
      },
      backward() {
        for (let q = 0; q < lists; q++) kernels.scales[q] = share * listWeights[q] * cotangent[separate ? q : 0]
        kernels.backward()
      },
      dispose: () => kernels.dispose(),
    }
    return { ...plan, tangents: referenceTangents(plan, () => reference.plan(shape, params, precision)) }
  },
})

/** What the kernel chose, row by row, in words. */
function algorithmOf({ algorithms }: KernelSpec, choices: Uint32Array): Pick<Plan, 'algorithms'> {
  if (!algorithms) return {}
  return { algorithms: () => Array.from(choices, (choice) => algorithms[choice]) }
}
