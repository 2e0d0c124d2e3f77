/** From a row that breaks a law to a smaller one that does: fewer items, rounder numbers. */

import type { Sample } from './sample.ts'

/** What a person reads first: few items, then few digits. */
const mostTrials = 80

/** A row on which an operator does not end is given up after a limit; smaller ones would be, one after another. */
const patienceMs = 60_000

const dropped = (numbers: Float64Array, at: number): Float64Array => numbers.filter((_, i) => i !== at)

const rounded = (values: Float64Array, digits: number): Float64Array => values.map((x) => Number(x.toPrecision(digits)))

type Row = Pick<Sample, 'values' | 'labels'>

/** Smaller rows, the smallest steps last. */
function smaller({ values, labels }: Row): Row[] {
  const fewer =
    values.length > 2
      ? Array.from(values, (_, i): Row => ({ values: dropped(values, i), labels: dropped(labels, i) }))
      : []
  const rounder = [1, 2, 3].map((digits): Row => ({ values: rounded(values, digits), labels }))
  const plainer: Row = { values, labels: labels.map((label) => Math.min(1, label)) }
  const changes = (row: Row) =>
    row.values.length < values.length ||
    row.values.some((x, i) => x !== values[i]) ||
    row.labels.some((label, i) => label !== labels[i])
  return [...fewer, ...rounder, plainer].filter(changes)
}

/**
 * @param draw the sample anew, with all its randomness as it was
 * @param judge what is wrong with a sample, or nothing
 * @param elapsed milliseconds since the sample was first judged: no more is tried where that took long
 * @returns the smallest sample that was found, and what is wrong with it
 */
export function shrink(
  draw: () => Sample,
  detail: string,
  judge: (sample: Sample) => string | undefined,
  elapsed: () => number = () => 0,
): { readonly sample: Sample; readonly detail: string } {
  let [row, wrong]: [Row, string] = [draw(), detail]
  for (let trials = 0; trials < mostTrials; ) {
    let found: string | undefined
    for (const candidate of smaller(row)) {
      if (elapsed() > patienceMs) break
      trials++
      found = judge({ ...draw(), ...candidate })
      if (found === undefined) continue
      ;[row, wrong] = [candidate, found]
      break
    }
    if (found === undefined) break
  }
  return { sample: { ...draw(), ...row }, detail: wrong }
}
