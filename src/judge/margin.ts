/** Within which difference two numbers count as the same. */

export interface MarginRule {
  /** Share of that part of the published value which a ranking can change. */
  readonly share: number
  readonly because: string
}

export const defaultMargin: MarginRule = {
  share: 0.02,
  because: '2 % of the part of a value that a ranking can change',
}

/** Half of the last printed digit: a printed number says no more. */
export const halfDigit = (decimals: number): number => 0.5 * 10 ** -decimals

/**
 * @param constant part of the value that is the same for every ranking, e.g. of queries that count 1 whatever the order
 * @param decimals digits after the point that the source prints
 */
export const marginOf = (published: number, constant: number, decimals: number, { share }: MarginRule): number =>
  Math.max(share * Math.abs(published - constant), halfDigit(decimals))
