/** The parts of a fold must have no query in common: what was trained or selected on cannot be tested on. */

import type { Fold, Part } from '../../core/dataset.ts'
import { dataError } from '../../core/errors.ts'

const pairs: readonly (readonly [Part, Part])[] = [
  ['test', 'train'],
  ['test', 'validation'],
  ['validation', 'train'],
]

/** @throws RankBenchError(data) naming a query that stands in two parts */
export function requireSeparateParts(fold: Fold, label: string): void {
  for (const [part, other] of pairs) {
    const known = new Set(fold[other].queries)
    const shared = fold[part].queries.filter((query) => known.has(query))
    if (shared.length === 0) continue
    throw dataError(
      `${label}: query ${shared[0]}${shared.length > 1 ? ` and ${shared.length - 1} more` : ''} of the ${part} part ${shared.length > 1 ? 'are' : 'is'} in the ${other} part too; expected parts without common queries`,
      'give every query one part: what is selected on the test part says nothing about unseen queries',
    )
  }
}
