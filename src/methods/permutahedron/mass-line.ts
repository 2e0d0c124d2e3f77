/**
 * Items with weights, and n positions of equal weight, on one line of length n: the item at sorted place i owns an interval of
 * length n w_i / sum w, position k the interval from k - 1 to k. Where neither changes is a piece.
 */

import { valueError } from '../../core/errors.ts'

interface MassLine {
  count: number
  /** What piece p belongs to: the item, by its place in the sorted order; the position, from 0; the length. */
  readonly place: Uint32Array
  readonly position: Uint32Array
  readonly length: Float64Array
  /** Lays the items out in the order given. @throws RankBenchError(value) when all weights are 0 */
  lay(weights: Float64Array, order: Uint32Array): void
}

/** An item of weight 0 stands where it would, on a piece that counts nothing: this share of a position is below every rounding. */
const nothing = 1e-30

/** `keepsAll`: items of weight 0 have a piece as well. */
export function createMassLine(n: number, keepsAll: boolean): MassLine {
  const most = 2 * n
  const [place, position, length] = [new Uint32Array(most), new Uint32Array(most), new Float64Array(most)]
  const add = (line: MassLine, i: number, k: number, size: number) => {
    place[line.count] = i
    position[line.count] = Math.min(k, n - 1)
    length[line.count++] = size
  }
  const line: MassLine = {
    count: 0,
    place,
    position,
    length,
    lay(weights, order) {
      let largest = 0
      for (let i = 0; i < n; i++) largest = Math.max(largest, weights[i])
      if (n > 0 && largest === 0) {
        throw valueError('weights: all items of a row have weight 0; expected one above 0', 'a mask leaves items out')
      }
      let total = 0
      for (let i = 0; i < n; i++) total += weights[order[i]] / largest
      line.count = 0
      // `gone` of the weight is laid out; what is left of position k ends at k + 1.
      let [gone, at, k] = [0, 0, 0]
      for (let i = 0; i < n; i++) {
        gone += weights[order[i]] / largest
        const end = n * (gone / total)
        if (end <= at && keepsAll) add(line, i, k, nothing)
        while (at < end) {
          const next = Math.min(end, k + 1)
          add(line, i, k, next - at)
          at = next
          if (at >= k + 1) k++
        }
      }
    },
  }
  return line
}
