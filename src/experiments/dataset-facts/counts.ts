/** What one part of a ranking data set holds, as papers print it. */

import type { RankingData } from '../../core/dataset.ts'
import type { Measures } from '../../core/measure.ts'
import { median } from '../../stats/quantile.ts'

const shortest = [8, 9, 10]
const grades = [0, 1, 2, 3, 4]

/** Largest label of each list. */
const largestLabels = ({ offsets, labels }: RankingData): number[] =>
  Array.from({ length: offsets.length - 1 }, (_, q) =>
    labels.subarray(offsets[q], offsets[q + 1]).reduce((most, label) => Math.max(most, label), 0),
  )

/** Counts by name. */
export function countsOf(data: RankingData): Readonly<Record<string, number>> {
  const lengths = Array.from({ length: data.offsets.length - 1 }, (_, q) => data.offsets[q + 1] - data.offsets[q])
  const largest = largestLabels(data)
  const labelled = (grade: number) => data.labels.reduce((count, label) => count + Number(label === grade), 0)
  return {
    queries: data.queries.length,
    documents: data.labels.length,
    features: data.width,
    shortest: lengths.reduce((least, length) => Math.min(least, length), Number.POSITIVE_INFINITY),
    'median-length': median(lengths),
    longest: lengths.reduce((most, length) => Math.max(most, length), 0),
    blank: largest.filter((label) => label === 0).length,
    ...Object.fromEntries(grades.map((grade) => [`label-${grade}`, labelled(grade)])),
    ...Object.fromEntries(grades.slice(1).map((grade) => [`without-label-${grade}`, lacking(data, grade)])),
    ...Object.fromEntries(shortest.map((k) => [`shorter-than-${k}`, lengths.filter((length) => length < k).length])),
  }
}

/** Lists without a document of that label. */
const lacking = ({ offsets, labels }: RankingData, grade: number): number =>
  Array.from({ length: offsets.length - 1 }, (_, q) => labels.subarray(offsets[q], offsets[q + 1])).filter(
    (list) => !list.includes(grade),
  ).length

/** Counts by the part they are of. */
export const countMeasures: Measures = Object.fromEntries(
  ['train', 'validation', 'test'].map((part) => [
    `*:${part}`,
    { unit: '1' as const, better: 'neither' as const, meaning: `a count of the ${part} part` },
  ]),
)
