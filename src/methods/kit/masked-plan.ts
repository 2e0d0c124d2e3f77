/** Plans over the present items of a batch, with buffers of all items: a mask becomes a ragged shape once, when it is planned. */

import { valueError } from '../../core/errors.ts'
import type { CurvaturePass, DiagonalPass, Plan, TangentPass } from '../../core/method.ts'
import { factsOf, type Operator, outputLength } from '../../core/operators.ts'
import {
  allocate,
  type FloatArray,
  itemCount,
  outputOffsets,
  type Precision,
  raggedShape,
  type Shape,
} from '../../core/shape.ts'

/** Where present entries stand among all of them; entries beside them stay 0. */
type Places = Uint32Array

/** @throws RankBenchError(value) unless there is one true or false an item */
function presentItems(mask: ArrayLike<unknown>, { offsets }: Shape): { items: Places; lengths: number[] } {
  const all = offsets[offsets.length - 1]
  if (mask.length !== all) throw valueError(`mask: ${mask.length} entries; expected ${all}, one an item of the shape`)
  const items: number[] = []
  const lengths = Array.from({ length: offsets.length - 1 }, (_, q) => {
    const before = items.length
    for (let i = offsets[q]; i < offsets[q + 1]; i++) {
      if (typeof mask[i] !== 'boolean') {
        throw valueError(`mask: row ${q}, index ${i - offsets[q]} is ${mask[i]}; expected true or false`)
      }
      if (mask[i]) items.push(i)
    }
    return items.length - before
  })
  return { items: Uint32Array.from(items), lengths }
}

/** Places of the output over present items in that over all: positions of a sorted row and rows of a matrix come first. */
function outputPlaces(operator: Operator, { offsets }: Shape, items: Places, lengths: readonly number[]): Places {
  const { by, output } = factsOf(operator)
  if (by === 'item') return items
  const places: number[] = []
  let [entries, seen] = [0, 0]
  lengths.forEach((k, q) => {
    const n = offsets[q + 1] - offsets[q]
    const own = items.subarray(seen, seen + k)
    seen += k
    for (let i = 0; i < k; i++) {
      if (output === 'item') places.push(offsets[q] + i)
      else for (const item of own) places.push(entries + i * n + item - offsets[q])
    }
    entries += n * n
  })
  return Uint32Array.from(places)
}

function gather(from: FloatArray, places: Places, to: FloatArray): void {
  for (let i = 0; i < places.length; i++) to[i] = from[places[i]]
}

function scatter(from: FloatArray, places: Places, to: FloatArray): void {
  for (let i = 0; i < places.length; i++) to[places[i]] = from[i]
}

/**
 * A plan whose absent items take no part, whatever they hold: their gradients are 0, as is the output where no present item
 * has an entry. `make` plans the present items.
 */
export function maskedPlan(
  operator: Operator,
  shape: Shape,
  mask: ArrayLike<unknown>,
  precision: Precision,
  make: (shape: Shape) => Plan,
): Plan {
  const { items, lengths } = presentItems(mask, shape)
  const inner = make(raggedShape(lengths))
  const { output: kind } = factsOf(operator)
  const byRow = kind === 'row' || kind === 'list'
  const entries = outputOffsets(shape, (n) => outputLength(operator, n)).at(-1)!
  const places = byRow ? undefined : outputPlaces(operator, shape, items, lengths)
  const perItem = (fill = 0) => allocate(precision, itemCount(shape)).fill(fill)
  const perOutput = (own: FloatArray) => (places ? allocate(precision, entries) : own)
  const [values, gradient] = [perItem(), perItem()]
  const labels = inner.labels && perItem()
  const weights = inner.weights && perItem(1)
  const [output, cotangent] = [perOutput(inner.output), perOutput(inner.cotangent)]
  let pass: TangentPass | undefined
  const tangents = inner.tangents && (() => (pass ??= maskedTangents(inner.tangents!(), items, places, values, output)))
  const pull = () => places && gather(cotangent, places, inner.cotangent)
  return {
    ...inner,
    values,
    labels,
    weights,
    output,
    cotangent,
    gradient,
    forward() {
      gather(values, items, inner.values)
      if (labels) gather(labels, items, inner.labels!)
      if (weights) gather(weights, items, inner.weights!)
      inner.forward()
      if (places) scatter(inner.output, places, output)
    },
    backward() {
      pull()
      inner.backward()
      scatter(inner.gradient, items, gradient)
    },
    ...(tangents && { tangents }),
    ...(inner.curvature && { curvature: () => maskedCurvature(inner.curvature!(), items, values, pull) }),
    ...(inner.diagonal && { diagonal: () => maskedDiagonal(inner.diagonal!(), items, values, pull) }),
  }
}

function maskedDiagonal(inner: DiagonalPass, items: Places, values: FloatArray, pull: () => void): DiagonalPass {
  const output = values.slice().fill(0)
  const run = () => {
    pull()
    inner.run()
    scatter(inner.output, items, output)
  }
  return { output, run }
}

function maskedCurvature(inner: CurvaturePass, items: Places, values: FloatArray, pull: () => void): CurvaturePass {
  const input = values.slice().fill(0)
  const { output, run } = maskedDiagonal(inner, items, values, pull)
  return {
    input,
    output,
    run() {
      gather(input, items, inner.input)
      run()
    },
  }
}

function maskedTangents(
  inner: TangentPass,
  items: Places,
  places: Places | undefined,
  values: FloatArray,
  output: FloatArray,
): TangentPass {
  const input = values.slice().fill(0)
  const pushed = places ? output.slice().fill(0) : inner.output
  return {
    input,
    output: pushed,
    run() {
      gather(input, items, inner.input)
      inner.run()
      if (places) scatter(inner.output, places, pushed)
    },
  }
}
