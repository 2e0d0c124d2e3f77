/**
 * When data is looked at again and again, each look may be wrong: how much of an error rate a look may spend, so that all looks
 * together spend the whole of it and no more.
 *
 * Spending functions: Lan and DeMets, "Discrete Sequential Boundaries for Clinical Trials", Biometrika 1983. Boundaries: the
 * recursion of Armitage, McPherson and Rowe, "Repeated Significance Tests on Accumulating Data", J. R. Statist. Soc. A 1969,
 * by numerical integration: nothing here is a table.
 */

import { normalCdf, normalQuantile } from './distributions.ts'

/** `pocock` decides early, `obrien-fleming` keeps nearly all of the error rate for the last look. */
type Spending = 'pocock' | 'obrien-fleming'

/** The part of `alpha` (one-sided) that may be spent when a share of the planned data is there. */
function spentBy(spending: Spending, alpha: number, share: number): number {
  if (share >= 1) return alpha
  return spending === 'pocock'
    ? alpha * Math.log(1 + (Math.E - 1) * share)
    : 2 * normalCdf(normalQuantile(alpha / 2) / Math.sqrt(share))
}

/** Points of the integration: the error of a level is then below one part in ten thousand. */
const points = 400
/** Deviations below 0 where the density of a sum no longer counts. */
const deepest = 9

/** The density of a sum that has not crossed yet, on a grid up to its boundary, with the weights of Simpson's rule. */
interface Density {
  readonly at: Float64Array
  readonly weighted: Float64Array
}

function grid(low: number, high: number, density: (x: number) => number): Density {
  const step = (high - low) / points
  const at = Float64Array.from({ length: points + 1 }, (_, i) => low + i * step)
  const weighted = at.map((x, i) => {
    const simpson = i === 0 || i === points ? 1 : i % 2 === 1 ? 4 : 2
    return (density(x) * simpson * step) / 3
  })
  return { at, weighted }
}

const normalDensity = (x: number, deviation: number): number =>
  Math.exp(-0.5 * (x / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI))

/** Sum of `f` over what has not crossed. */
function integrate({ at, weighted }: Density, f: (x: number) => number): number {
  let sum = 0
  for (let i = 0; i < at.length; i++) sum += weighted[i] * f(at[i])
  return sum
}

/** The boundary that a sum crosses with probability `target`; crossing gets rarer the higher it is. */
function boundary(crossing: (at: number) => number, target: number, deviation: number): number {
  let [low, high] = [-deepest * deviation, 40 * deviation]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (crossing(middle) > target) low = middle
    else high = middle
  }
  return high
}

/**
 * The p value (one-sided) that each look needs.
 * @param shares of the planned data at each look, ascending, the last one 1
 */
export function nominalLevels(spending: Spending, alpha: number, shares: readonly number[]): number[] {
  const levels: number[] = []
  let [before, spent] = [0, 0]
  let density: Density | undefined
  for (const share of shares) {
    const deviation = Math.sqrt(share - before)
    const earlier = density
    const crossing = (at: number): number =>
      earlier ? integrate(earlier, (s) => normalCdf((s - at) / deviation)) : normalCdf(-at / deviation)
    const now = spentBy(spending, alpha, share)
    const at = boundary(crossing, now - spent, deviation)
    levels.push(normalCdf(-at / Math.sqrt(share)))
    density = grid(-deepest * Math.sqrt(share), at, (x) =>
      earlier ? integrate(earlier, (s) => normalDensity(x - s, deviation)) : normalDensity(x, deviation),
    )
    before = share
    spent = now
  }
  return levels
}
