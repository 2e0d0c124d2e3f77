/**
 * Soft quantiles through any sort operator: with y the ascending sorted values and h = q (n - 1),
 *
 *   (1 - (h - floor h)) y_(floor h + 1) + (h - floor h) y_(ceil h + 1)
 *
 * linear interpolation as type 7 of Hyndman, Fan, "Sample Quantiles in Statistical Packages", The American
 * Statistician 1996. The median is q = 0.5; q = 0.25x0.5x0.75 gives three numbers a row from one sort. An empty row has no
 * quantile: its entries are 0.
 */

import type { CurvaturePass, Plan } from '../../core/method.ts'
import type { Params } from '../../core/params.ts'
import { type Precision, rowCount, type Shape } from '../../core/shape.ts'
import { load, precisionBuffer, store } from '../kit/precision-buffer.ts'

/** The levels that `q` names; `separate` when it is a list, also of one. */
export function levelsOf({ q }: Params): { readonly levels: readonly number[]; readonly separate: boolean } {
  const separate = typeof q === 'string' && q.includes('x')
  const words = String(q).split('x').filter(Boolean)
  return { levels: words.map(Number), separate }
}

/** The two sorted positions of every entry, level after level of a row, and the share of the second. */
interface Positions {
  readonly lower: Uint32Array
  readonly upper: Uint32Array
  readonly share: Float64Array
  /** Those of empty rows take part nowhere. */
  readonly entries: readonly number[]
}

function positionsOf({ offsets }: Shape, levels: readonly number[]): Positions {
  const count = levels.length * (offsets.length - 1)
  const rowOf = (entry: number) => Math.floor(entry / levels.length)
  const positions = {
    lower: new Uint32Array(count),
    upper: new Uint32Array(count),
    share: new Float64Array(count),
    entries: Array.from({ length: count }, (_, entry) => entry).filter(
      (entry) => offsets[rowOf(entry) + 1] > offsets[rowOf(entry)],
    ),
  }
  for (const entry of positions.entries) {
    const row = rowOf(entry)
    const h = levels[entry % levels.length] * (offsets[row + 1] - offsets[row] - 1)
    positions.lower[entry] = offsets[row] + Math.floor(h)
    positions.upper[entry] = offsets[row] + Math.ceil(h)
    positions.share[entry] = h - Math.floor(h)
  }
  return positions
}

function interpolate({ lower, upper, share, entries }: Positions, sorted: ArrayLike<number>, out: Float64Array): void {
  for (const e of entries) out[e] = (1 - share[e]) * sorted[lower[e]] + share[e] * sorted[upper[e]]
}

/** The sort runs in f64 whatever the precision, as all kernels do: only what the caller sees is rounded. */
export function planQuantile(sorted: Plan, shape: Shape, params: Params, precision: Precision): Plan {
  const [values, gradient] = Array.from({ length: 2 }, () => precisionBuffer(precision, sorted.values.length))
  const { levels } = levelsOf(params)
  const length = levels.length * rowCount(shape)
  const [output, cotangent] = Array.from({ length: 2 }, () => precisionBuffer(precision, length))
  const positions = positionsOf(shape, levels)
  /** From the cotangent to that of the sorted values. */
  const pull = () => {
    load(cotangent)
    const { lower, upper, share, entries } = positions
    sorted.cotangent.fill(0)
    for (const e of entries) {
      sorted.cotangent[lower[e]] += (1 - share[e]) * cotangent.inner[e]
      sorted.cotangent[upper[e]] += share[e] * cotangent.inner[e]
    }
  }
  const plan: Plan = {
    values: values.outer,
    labels: undefined,
    output: output.outer,
    cotangent: cotangent.outer,
    gradient: gradient.outer,
    forward() {
      sorted.values.set(values.outer)
      sorted.forward()
      interpolate(positions, sorted.output, output.inner)
      store(output)
    },
    backward() {
      pull()
      sorted.backward()
      gradient.outer.set(sorted.gradient)
    },
    dispose: () => sorted.dispose(),
  }
  const through = {
    ...(sorted.tangents && { tangents: tangentPass(sorted, positions, precision, plan) }),
    ...(sorted.curvature && { curvature: curvaturePass(sorted, precision, plan, pull) }),
  }
  return { ...plan, ...through }
}

/** The quantile is linear in the sorted values: what bends is their sort. */
function curvaturePass(sorted: Plan, precision: Precision, plan: Plan, pull: () => void): () => CurvaturePass {
  return () => {
    const inner = sorted.curvature!()
    const [input, output] = [plan.values, plan.values].map(({ length }) => precisionBuffer(precision, length))
    const run = () => {
      pull()
      inner.input.set(input.outer)
      inner.run()
      output.outer.set(inner.output)
    }
    return { input: input.outer, output: output.outer, run }
  }
}

function tangentPass(
  sorted: Plan,
  positions: Positions,
  precision: Precision,
  plan: Plan,
): NonNullable<Plan['tangents']> {
  const create = () => {
    const inner = sorted.tangents!()
    const input = precisionBuffer(precision, plan.values.length)
    const output = precisionBuffer(precision, plan.output.length)
    const run = () => {
      inner.input.set(input.outer)
      inner.run()
      interpolate(positions, inner.output, output.inner)
      store(output)
    }
    return { input: input.outer, output: output.outer, run }
  }
  let pass: ReturnType<typeof create> | undefined
  return () => {
    pass ??= create()
    return pass
  }
}
