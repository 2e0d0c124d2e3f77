/** Lists of several parts, one after another, without their features: what counts and metrics read. */

import type { RankingData } from '../../core/dataset.ts'

function joinedOffsets(parts: readonly RankingData[]): Uint32Array {
  const offsets = [0]
  for (const { offsets: own } of parts) {
    const start = offsets[offsets.length - 1]
    for (let q = 1; q < own.length; q++) offsets.push(start + own[q])
  }
  return Uint32Array.from(offsets)
}

/** @param parts at least one */
export const joined = (parts: readonly RankingData[]): RankingData => ({
  queries: parts.flatMap(({ queries }) => [...queries]),
  offsets: joinedOffsets(parts),
  labels: Float32Array.from(parts.flatMap(({ labels }) => [...labels])),
  features: new Float32Array(0),
  width: parts.reduce((most, { width }) => Math.max(most, width), 0),
  ...(parts.every(({ documents }) => documents)
    ? { documents: parts.flatMap(({ documents }) => [...documents!]) }
    : {}),
})
