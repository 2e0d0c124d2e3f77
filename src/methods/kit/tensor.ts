/** Regular nested arrays of any rank as rows along one axis, and back. */

import { usageError, valueError } from '../../core/errors.ts'

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

/** Lengths of the axes, read off the first entries. */
export function shapeOf(tensor: unknown): number[] {
  const shape: number[] = []
  for (let at = tensor; isList(at); at = at[0]) shape.push(at.length)
  return shape
}

/** @throws RankBenchError(value) naming the place where a list is longer, shorter or deeper than the first one */
function requireRegular(tensor: unknown, shape: readonly number[], what: string, place: string): void {
  const isLeaf = shape.length === 0
  if (isLeaf !== !isList(tensor)) throw valueError(`${what}${place}: expected ${isLeaf ? 'a number' : 'a list'}`)
  if (!isList(tensor)) return
  if (tensor.length !== shape[0]) {
    throw valueError(`${what}${place} has ${tensor.length} entries; expected ${shape[0]}, as the first`)
  }
  for (let i = 0; i < tensor.length; i++) requireRegular(tensor[i], shape.slice(1), what, `${place}[${i}]`)
}

/** Negative axes count from the last. @throws RankBenchError(usage) for an axis that is not there */
function axisOf(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis
  if (Number.isInteger(at) && at >= 0 && at < rank) return at
  throw usageError(`axis is ${axis}; expected a whole number from ${-rank} to ${rank - 1} for ${rank} axes`)
}

/** What remains of a tensor when one axis is taken out. */
interface AlongAxis {
  /** The vectors along the axis, those of later remaining indices faster. */
  readonly rows: readonly (readonly unknown[])[]
  /** One vector a row, put back along the axis. */
  restore(rows: readonly ArrayLike<unknown>[]): unknown
  /** One entry a row, nested as the remaining axes. */
  nest(entries: readonly unknown[]): unknown
}

/** Entries in order of the remaining axes, nested. */
function nested(entries: readonly unknown[], shape: readonly number[]): unknown {
  if (shape.length === 0) return entries[0]
  const [length, ...inner] = shape
  const size = inner.reduce((a, b) => a * b, 1)
  return Array.from({ length }, (_, i) => nested(entries.slice(i * size, (i + 1) * size), inner))
}

/** Calls `visit` with every index of the shape, the last axis fastest. */
function* indices(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) return yield []
  for (let i = 0; i < shape[0]; i++) for (const rest of indices(shape.slice(1))) yield [i, ...rest]
}

const entryAt = (tensor: unknown, index: readonly number[]): unknown =>
  index.reduce((at, i) => (at as ArrayLike<unknown>)[i], tensor)

const insert = (index: readonly number[], axis: number, i: number): number[] => [
  ...index.slice(0, axis),
  i,
  ...index.slice(axis),
]

/**
 * A regular tensor as vectors along one axis.
 * @throws RankBenchError(value) when it is not regular, RankBenchError(usage) when it has no such axis
 */
export function alongAxis(tensor: unknown, axis: number, what: string): AlongAxis {
  const shape = shapeOf(tensor)
  requireRegular(tensor, shape, what, '')
  const at = axisOf(axis, shape.length)
  const rest = shape.filter((_, i) => i !== at)
  const places = [...indices(rest)]
  const length = shape[at]
  const rows = places.map((place) => Array.from({ length }, (_, i) => entryAt(tensor, insert(place, at, i))))
  return {
    rows,
    restore(results) {
      const byPlace = new Map(places.map((place, q) => [place.join(), results[q]]))
      const entries = [...indices(shape)].map((index) => {
        const place = index.filter((_, i) => i !== at)
        return byPlace.get(place.join())![index[at]]
      })
      return nested(entries, shape)
    },
    nest: (entries) => nested(entries, rest),
  }
}
