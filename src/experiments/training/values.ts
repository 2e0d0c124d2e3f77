/** Entries of tables of trained networks: means over test samples of all seeds, facts, and who may be the best. */

import { randomStream } from '../../core/random.ts'
import { formatMetric } from '../../report/numbers.ts'
import { dash, type Value } from '../../report/table.ts'
import { markedValue, missingValue } from '../../report/values.ts'
import { type Entry, observation } from '../../results/view.ts'
import { comparisonWithBest } from '../../stats/best.ts'
import { mean } from '../../stats/mean.ts'

/** One number a test sample, seed after seed; undefined where a seed has none. */
export function samplesOf(entries: readonly Entry[], metric: string): number[] | undefined {
  const found = entries.map(({ result }) => observation(result, metric)?.samples)
  if (found.length === 0 || found.some((each) => each === undefined)) return undefined
  return found.flatMap((each) => [...each!])
}

export function sampleValue(
  entries: readonly Entry[],
  metric: string,
  marked = false,
  written: (value: number) => string = formatMetric,
): Value {
  const samples = samplesOf(entries, metric)
  if (!samples) return missingValue(entries[0].result)
  return markedValue(mean(samples), written(mean(samples)), marked ? '*' : '')
}

/** Mean over seeds. */
export function factValue(entries: readonly Entry[], metric: string, written: (value: number) => string): Value {
  const values = entries.flatMap(({ result }) => observation(result, metric)?.value ?? [])
  return values.length === 0 ? dash : { text: written(mean(values)), data: mean(values) }
}

/** Who may be the best by all test samples together, larger being better; nobody where there is one alone, or where samples differ. */
export function mayBeBest(fields: readonly (readonly number[] | undefined)[]): boolean[] {
  const known = fields.flatMap((field) => (field ? [[...field]] : []))
  if (known.length < 2 || known.some(({ length }) => length !== known[0].length)) return fields.map(() => false)
  const compared = comparisonWithBest(known, randomStream(0, 'best/accuracy'))
  let at = 0
  return fields.map((field) => (field ? compared[at++].mayBeBest : false))
}
