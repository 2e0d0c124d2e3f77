/** The engine's kernels for projections on the permutahedron (kernel.as.ts). */

import { itemCount, rowCount } from '../../core/shape.ts'
import type { DescribeKernels } from '../kit/fast-plan.ts'

/** Block starts and counts, and one f64 an item, each piece rounded up. */
const stateBytes = (items: number, rows: number): number => 4 * (items + 2 * rows) + 8 * items + 16

export const permutahedronKernels =
  (operator: 'sort' | 'rank'): DescribeKernels =>
  (shape, params) => {
    const [items, rows] = [itemCount(shape), rowCount(shape)]
    const ascending = params.direction === 'ascending'
    const suffix = params.regularization === 'kl' && params.strength !== 0 ? 'Kl' : 'L2'
    const name = (operator === 'sort' ? 'Sort' : 'Rank') + suffix
    return {
      forward: name[0].toLowerCase() + name.slice(1),
      backward: `pull${name}`,
      scratch: 'permutahedronScratch',
      integers: [rows, items],
      // Both keep the values descending: rank sorts x for ascending ranks, sort sorts -x for ascending values.
      numbers: [params.strength as number, (operator === 'rank') === ascending ? 1 : -1],
      stateBytes: stateBytes(items, rows),
    }
  }
