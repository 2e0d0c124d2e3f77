/** A mask over nested rows, out of the way before an operator runs and back in its results. */

import type { Operator } from '../core/operators.ts'
import type { Precision } from '../core/shape.ts'
import {
  gatherCotangent,
  gatherItems,
  type Kept,
  type Mask,
  readMask,
  scatterItems,
  scatterOutput,
} from '../methods/kit/masking.ts'
import type { Values } from '../methods/kit/nesting.ts'
import type { Given } from './load.ts'
import type { Numbers } from './output-nesting.ts'

/** What is given beside the values. */
export interface Parts extends Given {
  /** Gradient of the caller's scalar in the output, nested as the output is. */
  readonly cotangent?: Numbers | undefined
  /** Direction in the values, nested as they are. */
  readonly tangent?: Values | undefined
}

/** Nested as the values are, output and tangent as the output is. */
interface Results {
  readonly output?: Numbers
  readonly tangent?: Numbers
  readonly gradient?: number[] | number[][]
  readonly hessian?: number[] | number[][]
}

interface Masked {
  /** The present values. */
  readonly values: Values
  /** What of the parts belongs to present items. */
  readonly parts: Parts
  /** Results over present items, laid out as if all items were there. */
  scatter<R extends Results>(results: R): R
}

function gatherParts(kept: Kept, operator: Operator, parts: Parts, precision: Precision): Parts {
  const items = (name: 'labels' | 'weights' | 'tangent') =>
    parts[name] !== undefined && { [name]: gatherItems(kept, parts[name], name, precision) as Values }
  return {
    ...parts,
    ...items('labels'),
    ...items('weights'),
    ...items('tangent'),
    ...(parts.cotangent !== undefined && {
      cotangent: gatherCotangent(operator, kept, parts.cotangent, precision) as Numbers,
    }),
  }
}

/** @throws RankBenchError(value) on a mask or parts of another shape, or a present number that is none, by row and index */
export function applyMask(operator: Operator, mask: Mask, values: Values, parts: Parts, precision: Precision): Masked {
  const kept = readMask(mask, values)
  return {
    values: gatherItems(kept, values, 'values', precision) as Values,
    parts: gatherParts(kept, operator, parts, precision),
    scatter: (results) => ({
      ...results,
      ...(results.output !== undefined && { output: scatterOutput(operator, kept, results.output) as Numbers }),
      ...(results.tangent !== undefined && { tangent: scatterOutput(operator, kept, results.tangent) as Numbers }),
      ...(results.gradient && { gradient: scatterItems(kept, results.gradient) as number[] | number[][] }),
      ...(results.hessian && { hessian: scatterItems(kept, results.hessian) as number[] | number[][] }),
    }),
  }
}
