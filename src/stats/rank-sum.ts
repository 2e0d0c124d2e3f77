/**
 * Two groups that nothing pairs, such as the processes of two stored runs: the Mann-Whitney test of a shift, exactly, and its interval.
 *
 * Mann and Whitney, "On a Test of Whether One of Two Random Variables Is Stochastically Larger than the Other", Annals of
 * Mathematical Statistics 1947, whose recursion this is.
 */

const tables = new Map<string, Float64Array>()

/** Probability of each number of pairs in which the one of the first group is larger. */
function probabilities(first: number, second: number): Float64Array {
  const known = tables.get(`${first} ${second}`)
  if (known) return known
  const found = new Float64Array(first * second + 1)
  if (first === 0 || second === 0) found[0] = 1
  else {
    const [withoutFirst, withoutSecond] = [probabilities(first - 1, second), probabilities(first, second - 1)]
    const share = first / (first + second)
    for (let u = 0; u < found.length; u++) {
      // The largest of all is of the first group, above all of the second, or of the second.
      if (u >= second) found[u] += share * withoutFirst[u - second]
      if (u < withoutSecond.length) found[u] += (1 - share) * withoutSecond[u]
    }
  }
  tables.set(`${first} ${second}`, found)
  return found
}

/** The probability that at most so many of the pairs lie on one side. */
function atMost(pairs: number, { first, second }: Shifts): number {
  const all = probabilities(first, second)
  let sum = 0
  for (let u = 0; u <= pairs; u++) sum += all[u]
  return Math.min(1, sum)
}

/** Every value of the first group less every one of the second, ascending. */
export interface Shifts {
  readonly differences: Float64Array
  readonly first: number
  readonly second: number
}

export function shiftsOf(first: readonly number[], second: readonly number[]): Shifts {
  const differences = Float64Array.from(first.flatMap((a) => second.map((b) => a - b))).sort()
  return { differences, first: first.length, second: second.length }
}

/** p of a shift of `limit` or more. Differences on the limit, and those that are no number, count as above. */
export const pBelowShift = (shifts: Shifts, limit: number): number =>
  atMost(shifts.differences.filter((each) => !(each < limit)).length, shifts)

/** p of a shift of `limit` or less. */
export const pAboveShift = (shifts: Shifts, limit: number): number =>
  atMost(shifts.differences.filter((each) => !(each > limit)).length, shifts)

/** Bounds that `pAboveShift` and `pBelowShift` are at most `level` beyond; infinite where the groups are too small for it. */
export function boundsOf(
  shifts: Shifts,
  below: number,
  above: number,
): { readonly low: number; readonly high: number } {
  const { differences } = shifts
  const beyond = (level: number): number => {
    let count = -1
    while (count + 1 < differences.length && atMost(count + 1, shifts) <= level) count++
    return count
  }
  const [low, high] = [beyond(below), beyond(above)]
  return {
    low: low < 0 ? Number.NEGATIVE_INFINITY : differences[low],
    high: high < 0 ? Number.POSITIVE_INFINITY : differences[differences.length - 1 - high],
  }
}
