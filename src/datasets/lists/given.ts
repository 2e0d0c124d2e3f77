/** Numbers given in the selector: `given[values=5x1x2]`. One row; for printed examples. */

import type { ListDataset } from '../../core/dataset.ts'
import { decimal } from '../../core/decimal.ts'
import { usageError } from '../../core/errors.ts'

/** `5x1x2` -> [5, 1, 2]; commas would end the parameter. @throws RankBenchError(usage) */
function parseGiven(text: string): Float64Array {
  const numbers = text.split('x').map((word) => decimal(word) ?? Number.NaN)
  if (numbers.every(Number.isFinite)) return Float64Array.from(numbers)
  throw usageError(`given[values=${text}]: expected numbers separated by x, e.g. 5x1x2`)
}

export const given: ListDataset = {
  kind: 'lists',
  name: 'given',
  title: 'one row of numbers written in the selector',
  licence: 'none needed',
  citation: '',
  params: { values: { kind: 'text', default: '5x1x2', meaning: 'the row, numbers separated by x' } },
  digest: async (params) => parseGiven(String(params.values)).join('x'),
  generate: (params) => {
    const values = parseGiven(String(params.values))
    return { offsets: Uint32Array.of(0, values.length), values }
  },
}
