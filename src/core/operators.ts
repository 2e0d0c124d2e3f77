/**
 * The operators, and what each puts out: the one place that knows. A new operator is a row here; what must be said elsewhere
 * about it is then an error of the compiler, through `exhaustive`.
 */

interface OperatorFacts {
  /** Entries of the output of a row of n items: one an `item`, n x n (`pair`), one (`row`), or one for the whole batch or a row, by `reduction` (`list`). */
  readonly output: 'item' | 'pair' | 'row' | 'list'
  /** What entry i of a row speaks of: the `position` i of the sorted row, the `item` i, or no single one. */
  readonly by: 'position' | 'item' | 'none'
  /** The unit of the output: that of the values, that of ranks, shares between 0 and 1, or a loss of its own. */
  readonly unit: 'values' | 'ranks' | 'share' | 'loss'
  /** Takes a label an item. */
  readonly labels: boolean
  /** There is an operator without softness, `<operator>:hard`, that soft ones tend to. */
  readonly hard: boolean
}

/** `matrix` is a relaxed permutation, rows = positions; `topk` a soft mask of the k selected items; `quantile` one number a row. */
const operatorFacts = {
  sort: { output: 'item', by: 'position', unit: 'values', labels: false, hard: true },
  rank: { output: 'item', by: 'item', unit: 'ranks', labels: false, hard: true },
  matrix: { output: 'pair', by: 'none', unit: 'share', labels: false, hard: true },
  topk: { output: 'item', by: 'item', unit: 'share', labels: false, hard: true },
  quantile: { output: 'row', by: 'none', unit: 'values', labels: false, hard: true },
  loss: { output: 'list', by: 'none', unit: 'loss', labels: true, hard: false },
} as const satisfies Record<string, OperatorFacts>

/** What is computed. */
export type Operator = keyof typeof operatorFacts
/** Operators of values alone. */
export type ValueOperator = Exclude<Operator, 'loss'>

export const factsOf = (operator: Operator): OperatorFacts => operatorFacts[operator]

export const operatorNames = Object.keys(operatorFacts) as readonly Operator[]
export const valueOperators = operatorNames.filter(
  (operator): operator is ValueOperator => !operatorFacts[operator].labels,
)

export const isOperator = (name: string): name is Operator => name in operatorFacts

/** Entries of the output of one row of n items. A loss has one, whatever is done with it over the rows. */
export function outputLength(operator: Operator, n: number): number {
  const { output } = factsOf(operator)
  switch (output) {
    case 'item':
      return n
    case 'pair':
      return n * n
    case 'row':
    case 'list':
      return 1
    default:
      return exhaustive(output)
  }
}

/** Where a switch has named every case: the compiler refuses it when one is added and not named. */
export function exhaustive(value: never): never {
  throw new Error(`no case for ${JSON.stringify(value)}`)
}
