/** How far an answer is from the hard one, as a share of how far an answer that knows nothing is. */

import { factsOf, type Operator, outputLength } from '../core/operators.ts'
import { outputOffsets, type Shape } from '../core/shape.ts'

/** The constant answer of a row: mean value or rank, uniform mixtures, k / n. */
function flat(hard: ArrayLike<number>, start: number, end: number): number {
  let mean = 0
  for (let i = start; i < end; i++) mean += hard[i] / (end - start)
  return mean
}

/** sum |y - hard| / sum |flat - hard|: 0 is hard, 1 as far as a constant answer, more is possible. */
export function distanceFromHard(
  operator: Operator,
  shape: Shape,
  output: ArrayLike<number>,
  hard: ArrayLike<number>,
): number {
  const ends = outputOffsets(shape, (n) => outputLength(operator, n))
  let [ours, constant] = [0, 0]
  for (let q = 0; q + 1 < ends.length; q++) {
    const middle = flat(hard, ends[q], ends[q + 1])
    for (let i = ends[q]; i < ends[q + 1]; i++) {
      ours += Math.abs(output[i] - hard[i])
      constant += Math.abs(middle - hard[i])
    }
  }
  return constant === 0 ? 0 : ours / constant
}

/** Share of neighbours by value whose answers are the wrong way round (rank, topk), or of neighbouring entries (sort). */
export function disorder(
  operator: Operator,
  { offsets }: Shape,
  values: ArrayLike<number>,
  output: ArrayLike<number>,
  rising: boolean,
): number {
  const { output: entries, by } = factsOf(operator)
  if (entries !== 'item') return 0
  let [pairs, wrong] = [0, 0]
  for (let q = 0; q + 1 < offsets.length; q++) {
    const items = Array.from({ length: offsets[q + 1] - offsets[q] }, (_, i) => offsets[q] + i)
    const order = by === 'position' ? items : items.sort((a, b) => values[a] - values[b])
    for (let k = 1; k < order.length; k++) {
      if (by !== 'position' && values[order[k]] === values[order[k - 1]]) continue
      const step = output[order[k]] - output[order[k - 1]]
      pairs++
      if ((rising ? step : -step) < -1e-6 * Math.abs(output[order[k]])) wrong++
    }
  }
  return pairs === 0 ? 0 : wrong / pairs
}
