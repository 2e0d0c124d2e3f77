/** How far two implementations are apart, before any time is shown. */

/**
 * A gradient with equal values sharing their mean, row by row. A sort may hand tied items over in any order, and their
 * gradients with them: only what a tie group receives together is defined. Long f32 rows always hold ties.
 * @param n items of a row
 */
export function averagedOverTies(gradient: ArrayLike<number>, values: ArrayLike<number>, n: number): Float64Array {
  const averaged = Float64Array.from(gradient)
  for (let start = 0; start < averaged.length; start += n) {
    const order = Uint32Array.from({ length: n }, (_, i) => start + i).sort((i, j) => values[i] - values[j])
    for (let from = 0; from < n; ) {
      let to = from + 1
      while (to < n && values[order[to]] === values[order[from]]) to++
      let sum = 0
      for (let k = from; k < to; k++) sum += gradient[order[k]]
      for (let k = from; k < to; k++) averaged[order[k]] = sum / (to - from)
      from = to
    }
  }
  return averaged
}
