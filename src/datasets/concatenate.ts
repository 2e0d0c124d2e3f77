/** Parts of a data set, one after another. */

import type { RankingData } from '../core/dataset.ts'

/** Rows are laid at the width of the widest part: a sparse part may lack the last features. */
function joinFeatures(parts: readonly RankingData[], width: number): Float32Array {
  const rows = parts.reduce((sum, part) => sum + part.labels.length, 0)
  const features = new Float32Array(rows * width)
  let row = 0
  for (const part of parts) {
    if (part.width === width) features.set(part.features, row * width)
    else
      for (let i = 0; i < part.labels.length; i++)
        features.set(part.features.subarray(i * part.width, (i + 1) * part.width), (row + i) * width)
    row += part.labels.length
  }
  return features
}

export function concatenate(parts: readonly RankingData[]): RankingData {
  if (parts.length === 1) return parts[0]
  const width = Math.max(...parts.map((part) => part.width))
  const offsets = [0]
  const labels = new Float32Array(parts.reduce((sum, part) => sum + part.labels.length, 0))
  for (const part of parts) {
    const start = offsets[offsets.length - 1]
    labels.set(part.labels, start)
    for (let q = 1; q < part.offsets.length; q++) offsets.push(start + part.offsets[q])
  }
  const named = parts.every((part) => part.documents !== undefined)
  return {
    queries: parts.flatMap((part) => part.queries),
    offsets: Uint32Array.from(offsets),
    labels,
    features: joinFeatures(parts, width),
    width,
    ...(named ? { documents: parts.flatMap((part) => part.documents!) } : {}),
  }
}
