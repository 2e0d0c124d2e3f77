/**
 * A label that means "no item", as data sets pad their lists: items that carry it take no part in a loss, as if a mask left
 * them out. One rule for all losses, whatever they make of labels.
 */

import { usageError } from '../../core/errors.ts'
import type { CurvaturePass, DiagonalPass, Method, OperatorSpec, Plan, TangentPass } from '../../core/method.ts'
import type { ParamSpec, Params } from '../../core/params.ts'
import { allocate, itemCount, type Precision, rowCount, type Shape } from '../../core/shape.ts'
import { maskedPlan } from './masked-plan.ts'

const ignore = {
  kind: 'text',
  default: 'none',
  examples: ['none', '0'],
  meaning: 'label of items that are left out as a mask does, e.g. -1 of padded lists; none: there is none',
} as const satisfies ParamSpec

/** @throws RankBenchError(usage) unless it is none or a number */
function ignoredLabel({ ignore: given }: Params): number | undefined {
  if (given === undefined || given === 'none') return undefined
  const label = String(given).trim() === '' ? Number.NaN : Number(given)
  if (Number.isFinite(label)) return label
  throw usageError(`ignore is "${given}"; expected a label, or none`, 'e.g. ignore=-1')
}

/**
 * A plan of the items whose label is another one. Which these are is read from the labels on every forward; they are
 * planned anew when it changes, the only time that a pass allocates.
 */
function ignoringPlan(shape: Shape, precision: Precision, label: number, make: (present: Shape) => Plan): Plan {
  const ignored = precision === 'f32' ? Math.fround(label) : label
  const present = Array.from({ length: itemCount(shape) }, () => true)
  const planPresent = (): Plan => maskedPlan('loss', shape, present, precision, make)
  let inner = planPresent()
  const own = <T extends ArrayLike<number>>(like: T): T => (like as unknown as Float64Array).slice() as unknown as T
  const { values, weights, listWeights, output, cotangent, gradient } = inner
  const buffers = {
    values: own(values),
    labels: allocate(precision, itemCount(shape)),
    weights: weights && own(weights),
    listWeights: listWeights && own(listWeights),
    output: own(output),
    cotangent: own(cotangent),
    gradient: own(gradient),
  }
  const facts = Object.entries(inner.diagnostics ?? {}).map(
    ([name]) => [name, new Float64Array(rowCount(shape))] as const,
  )

  function readPresent(): void {
    let changed = false
    for (let i = 0; i < present.length; i++) {
      const is = buffers.labels[i] !== ignored
      changed ||= is !== present[i]
      present[i] = is
    }
    if (!changed) return
    inner.dispose()
    inner = planPresent()
  }

  return {
    ...buffers,
    engine: inner.engine,
    ...(facts.length > 0 && { diagnostics: Object.fromEntries(facts) }),
    algorithms: () => inner.algorithms?.() ?? [],
    forward() {
      readPresent()
      inner.values.set(buffers.values)
      inner.labels!.set(buffers.labels)
      if (buffers.weights) inner.weights!.set(buffers.weights)
      if (buffers.listWeights) inner.listWeights!.set(buffers.listWeights)
      inner.forward()
      buffers.output.set(inner.output)
      for (const [name, rows] of facts) rows.set(inner.diagnostics![name])
    },
    backward() {
      inner.cotangent.set(buffers.cotangent)
      inner.backward()
      buffers.gradient.set(inner.gradient)
    },
    ...(inner.tangents && { tangents: forwardMode(() => inner, buffers.values, buffers.output) }),
    ...(inner.curvature && { curvature: bending(() => inner, buffers) }),
    ...(inner.diagonal && { diagonal: diagonal(() => inner, buffers) }),
    dispose: () => inner.dispose(),
  } as Plan
}

/** The pass of whichever plan is the current one. */
function forwardMode(current: () => Plan, values: Plan['values'], output: Plan['output']): () => TangentPass {
  const [input, pushed] = [values.slice(), output.slice()]
  const pass: TangentPass = {
    input,
    output: pushed,
    run() {
      const inner = current().tangents!()
      inner.input.set(input)
      inner.run()
      pushed.set(inner.output)
    },
  }
  return () => pass
}

type Buffers = Pick<Plan, 'values' | 'cotangent'>

function bending(current: () => Plan, { values, cotangent }: Buffers): () => CurvaturePass {
  const [input, output] = [values.slice(), values.slice()]
  const run = () => {
    const inner = current()
    inner.cotangent.set(cotangent)
    const pass = inner.curvature!()
    pass.input.set(input)
    pass.run()
    output.set(pass.output)
  }
  return () => ({ input, output, run })
}

function diagonal(current: () => Plan, { values, cotangent }: Buffers): () => DiagonalPass {
  const output = values.slice()
  const run = () => {
    const inner = current()
    inner.cotangent.set(cotangent)
    const pass = inner.diagonal!()
    pass.run()
    output.set(pass.output)
  }
  return () => ({ output, run })
}

function ignoring(loss: OperatorSpec): OperatorSpec {
  return {
    ...loss,
    params: { ...loss.params, ignore },
    plan(shape, params, precision) {
      const label = ignoredLabel(params)
      if (label === undefined) return loss.plan(shape, params, precision)
      return ignoringPlan(shape, precision, label, (present) => loss.plan(present, params, precision))
    },
    ...(loss.fast && {
      fast(shape, params, precision, execution) {
        const label = ignoredLabel(params)
        const whole = loss.fast!(shape, params, precision, execution)
        if (label === undefined || !whole) return whole
        whole.dispose()
        return ignoringPlan(
          shape,
          precision,
          label,
          (present) => loss.fast!(present, params, precision, execution) ?? loss.plan(present, params, precision),
        )
      },
    }),
  }
}

/** The method with an `ignore` parameter on its loss, where it has one. */
export function withIgnoredLabel(method: Method): Method {
  const { loss } = method.operators
  return loss && !('ignore' in loss.params)
    ? { ...method, operators: { ...method.operators, loss: ignoring(loss) } }
    : method
}
