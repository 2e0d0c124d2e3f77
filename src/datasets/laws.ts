/** What laws of all kinds of data are made of. Problems are sentences; none is a pass. */

/** Rows must start at 0, not fall back, and end with the last item. */
export function offsetProblems(offsets: Uint32Array, items: number, what: string): string[] {
  const problems: string[] = []
  if (offsets[0] !== 0) problems.push(`${what}: offsets start at ${offsets[0]}; expected 0`)
  const falls = offsets.findIndex((offset, i) => i > 0 && offset < offsets[i - 1])
  if (falls >= 0) problems.push(`${what}: offset ${falls} is smaller than the one before it`)
  const end = offsets[offsets.length - 1]
  if (end !== items) problems.push(`${what}: the last offset is ${end}; expected ${items}, the number of items`)
  return problems
}

/** The first number that is not finite. */
export function finiteProblems(numbers: ArrayLike<number>, what: string): string[] {
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i])) return [`${what}: entry ${i} is ${numbers[i]}; expected a finite number`]
  }
  return []
}

/** Whether two arrays hold the same, NaN included. */
export const same = (a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean =>
  a.length === b.length && Array.from({ length: a.length }, (_, i) => i).every((i) => Object.is(a[i], b[i]))
