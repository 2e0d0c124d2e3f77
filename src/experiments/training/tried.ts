/** Of the settings of one operator that a run tried, the one that the validation part chooses. */

import type { Cell } from '../../core/cell.ts'
import { isMethod } from '../../core/method-ref.ts'
import { formatRef } from '../../core/selector.ts'
import { type Entry, groupBy, observation, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { noisyName, operatorName } from './gumbel.ts'
import { validationCurve } from './outcome.ts'

export interface Tried {
  /** The method with its settings. */
  readonly label: string
  /** One a seed. */
  readonly entries: readonly Entry[]
  /** How many settings there were to choose from. */
  readonly of: number
}

const labelOf = (run: RunData, cell: Cell): string =>
  isMethod(cell.method) ? operatorName(run, cell) : formatRef({ name: cell.method.method, params: cell.method.params })

/** Larger is better; the least where a seed is missing: what was not measured whole is not chosen before what was. */
function worth(entries: readonly Entry[]): number {
  const found = entries.flatMap(({ result }) => observation(result, validationCurve) ?? [])
  if (found.length < entries.length) return Number.NEGATIVE_INFINITY
  return mean(found.map(({ value, better }) => (better === 'lower' ? -value : value)))
}

/**
 * One for each operator, in order of first appearance; of equal settings the first.
 * @param operatorOf what tells operators apart: settings of one are alternatives, but for noise on its scores
 */
export function chosenByValidation(
  run: RunData,
  entries: readonly Entry[],
  operatorOf: (entry: Entry) => string,
): Tried[] {
  const byOperator = groupBy(entries, (entry) => noisyName(operatorOf(entry), entry.cell))
  return [...byOperator.values()].map((own) => {
    const settings = [...groupBy(own, ({ cell }) => labelOf(run, cell))]
    const worths = settings.map(([, each]) => worth(each))
    const best = worths.reduce((top, value, i) => (value > worths[top] ? i : top), 0)
    const [label, chosen] = settings[best]
    return { label, entries: chosen, of: settings.length }
  })
}
