/** How the engine's times grow with the length of a row. */

import { formatTime } from '../../report/numbers.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { observation } from '../../results/view.ts'
import type { Pair } from '../pairs.ts'
import { familyOf, passes, sizeOf, threadsOf } from './pairs.ts'

const [from, to] = [1_000, 100_000]

/** Median time of forward and backward of one row of n items, f32, one thread. */
function timeOf(pairs: readonly Pair[], family: string, n: number): number | undefined {
  const found = pairs.find(({ ours: { cell } }) => {
    const { batch, n: length } = sizeOf(cell)
    return familyOf(cell) === family && batch === 1 && length === n && cell.precision === 'f32' && threadsOf(cell) === 1
  })
  return found && observation(found.ours.result, passes.both)?.value
}

/** What an exponent looks like between these sizes: n log n is 1 + log(log n' / log n) / log(n' / n). */
const logarithm = Math.log(Math.log(to) / Math.log(from)) / Math.log(to / from)

function row(pairs: readonly Pair[], family: string): Value[][] {
  const [before, after] = [timeOf(pairs, family, from), timeOf(pairs, family, to)]
  if (before === undefined || after === undefined) return []
  const exponent = Math.log(after / before) / Math.log(to / from)
  return [
    [
      text(family),
      { text: formatTime(before), data: before },
      { text: formatTime(after), data: after },
      { text: exponent.toFixed(2), data: exponent },
    ],
  ]
}

export function speedGrowth(pairs: readonly Pair[]): ReportTable[] {
  const families = [...new Set(pairs.map(({ ours }) => familyOf(ours.cell)))]
  const rows = families.flatMap((family) => row(pairs, family))
  if (rows.length === 0) return []
  return [
    {
      id: 'speed/growth',
      title: 'How times grow',
      about: [
        'one row, f32, one thread, forward and backward; time grows as n to the exponent',
        `between these sizes n log n looks like ${(1 + logarithm).toFixed(2)}, n log^2 n like ${(1 + 2 * logarithm).toFixed(2)}, n^1.5 and n^2 like themselves`,
      ],
      columns: [left('operator'), right('n = 1,000'), right('n = 100,000'), right('exponent')],
      rows,
      notes: [],
    },
  ]
}
