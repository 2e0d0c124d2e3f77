/** Consecutive lists of a data set. */

import type { RankingData } from '../../core/dataset.ts'

/** Lists from `first` up to `end`; labels and features are views of `data`. */
function slice(data: RankingData, first: number, end: number): RankingData {
  const [start, stop] = [data.offsets[first], data.offsets[end]]
  return {
    queries: data.queries.slice(first, end),
    offsets: data.offsets.slice(first, end + 1).map((offset) => offset - start),
    labels: data.labels.subarray(start, stop),
    features: data.features.subarray(start * data.width, stop * data.width),
    width: data.width,
    ...(data.documents ? { documents: data.documents.slice(start, stop) } : {}),
  }
}

/** `count` runs of lists, as equal in number as they can be. */
export function sliceEvenly(data: RankingData, count: number): RankingData[] {
  const boundary = (part: number) => Math.round((part * data.queries.length) / count)
  return Array.from({ length: count }, (_, part) => slice(data, boundary(part), boundary(part + 1)))
}
