/** Cells of a plan as they are stored, one a line; those of large plans are read line by line, and share what they have in common. */

import type { Cell } from '../core/cell.ts'
import { type Subject, subjectRef } from '../core/method-ref.ts'
import type { RunCell } from '../core/result.ts'
import type { Ref } from '../core/selector.ts'

/** A cell as it is stored: its method as name and parameters, its system under the word of the first format. */
type StoredCell = Omit<Cell, 'system' | 'method'> & { readonly implementation: string; readonly method: Ref }
type StoredRunCell = Omit<RunCell, 'cell'> & { readonly cell: StoredCell }

const stored = ({ cell: { system, method, ...cell }, ...planned }: RunCell): StoredRunCell => ({
  ...planned,
  cell: { implementation: system, ...cell, method: { name: method.name, params: method.params } },
})

/** Without its end. */
export const cellLine = (cell: RunCell): string => JSON.stringify(stored(cell))

/** Fields of a cell that everything which reads a run relies on. */
export const isStoredCell = (value: unknown): value is StoredRunCell => {
  const { key, cell, timed } = (value ?? {}) as Partial<RunCell>
  const refs = cell && [cell.experiment, cell.method, cell.dataset]
  return typeof key === 'string' && typeof timed === 'boolean' && !!refs?.every((ref) => typeof ref?.name === 'string')
}

/** Gives out one object for equal ones: a million cells are of few methods, data sets and experiments. */
function shared<T>(): (value: T) => T {
  const known = new Map<string, T>()
  return (value) => {
    const text = JSON.stringify(value)
    const first = known.get(text) ?? value
    known.set(text, first)
    return first
  }
}

/** Stored cells as they are used, those that one reader reads with their refs in common. */
export function cellReader(): (stored: StoredRunCell) => RunCell {
  const [subject, dataset, experiment, text] = [shared<Subject>(), shared<Ref>(), shared<Ref>(), shared<string>()]
  return ({ cell: { implementation, method, ...cell }, ...planned }) => ({
    ...planned,
    cell: {
      ...cell,
      system: implementation,
      method: subject(subjectRef(method)),
      dataset: dataset(cell.dataset),
      experiment: experiment(cell.experiment),
      dataDigest: text(cell.dataDigest),
      protocol: text(cell.protocol),
    },
  })
}
