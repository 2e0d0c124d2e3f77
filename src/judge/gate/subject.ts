/** What a cell is called where it stands beside the same one of another version. */

import type { Cell } from '../../core/cell.ts'
import type { ParamSpace } from '../../core/params.ts'
import { labelRef } from '../../core/selector.ts'

interface Named {
  readonly label: string
  /** What a line of a policy may match. */
  readonly names: readonly string[]
}

/** @param spaces parameters by catalogue name, so that defaults are left out; sizes never are */
export function subjectOf(spaces: ReadonlyMap<string, ParamSpace>, cell: Cell): Named {
  const { experiment, method, dataset, split, precision } = cell
  const [question, operator] = [experiment, method].map((ref) => labelRef(ref, spaces.get(ref.name)))
  const data = labelRef(dataset, spaces.get(dataset.name), ['batch', 'n'])
  return {
    label: `${question} ${operator} on ${data}${split === '' ? '' : ` ${split}`}, ${precision}`,
    names: [question, operator, data, experiment.name, method.name, dataset.name],
  }
}
