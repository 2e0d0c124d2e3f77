/** Hard ranks, 1-based; tied values share the mean of the ranks they span. */

import { argsort, argsortWork } from './argsort.ts'

/** A function that writes the ranks of the current x to `ranks`. Ascending: the smallest value has rank 1. */
export function createAverageRanks(x: Float64Array, ranks: Float64Array, descending: boolean): () => void {
  const order = new Uint32Array(x.length)
  const work = argsortWork(x.length)
  return () => {
    argsort(x, order, descending, work)
    for (let start = 0, end = 0; start < x.length; start = end) {
      // The first step is taken whatever the value is: NaN equals nothing, itself included.
      do end++
      while (end < x.length && x[order[end]] === x[order[start]])
      for (let k = start; k < end; k++) ranks[order[k]] = (start + 1 + end) / 2
    }
  }
}
