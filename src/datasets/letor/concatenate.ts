/** Parts of a data set, one after another. */

import type { RankingData } from '../../core/dataset.ts'

function widen(data: RankingData, width: number): RankingData {
  if (data.width === width) return data
  const rows = data.labels.length
  const features = new Float32Array(rows * width)
  for (let i = 0; i < rows; i++) {
    features.set(data.features.subarray(i * data.width, (i + 1) * data.width), i * width)
  }
  return { ...data, features, width }
}

/**
 * All at the width of the widest, new features 0: a sparse part may lack the last features, and a scorer trained on one
 * width must not be shown another.
 */
export function widened(parts: readonly RankingData[]): RankingData[] {
  const width = parts.reduce((most, part) => Math.max(most, part.width), 0)
  return parts.map((part) => widen(part, width))
}

/** Views of one buffer that follow each other: joined, they are one view, and nothing is copied. */
function areConsecutive(columns: readonly Float32Array[]): boolean {
  return columns.every((column, i) => {
    const before = columns[i - 1]
    return !before || (before.buffer === column.buffer && before.byteOffset + before.byteLength === column.byteOffset)
  })
}

function joinFloats(columns: readonly Float32Array[]): Float32Array {
  const [first] = columns
  const length = columns.reduce((sum, column) => sum + column.length, 0)
  if (areConsecutive(columns)) return new Float32Array(first.buffer, first.byteOffset, length)
  const result = new Float32Array(length)
  let at = 0
  for (const column of columns) {
    result.set(column, at)
    at += column.length
  }
  return result
}

function joinOffsets(parts: readonly RankingData[]): Uint32Array {
  const offsets = [0]
  for (const part of parts) {
    const start = offsets[offsets.length - 1]
    for (let q = 1; q < part.offsets.length; q++) offsets.push(start + part.offsets[q])
  }
  return Uint32Array.from(offsets)
}

function notesOf(parts: readonly RankingData[]): Pick<RankingData, 'notes'> {
  const notes = [...new Set(parts.flatMap((part) => part.notes ?? []))]
  return notes.length > 0 ? { notes } : {}
}

/** One data set of all lists of `parts` (at least one), in order; names only where every part has them. It may share memory with them. */
export function concatenate(parts: readonly RankingData[]): RankingData {
  if (parts.length === 1) return parts[0]
  const level = widened(parts)
  const named = parts.every((part) => part.documents !== undefined)
  return {
    queries: parts.flatMap((part) => part.queries),
    offsets: joinOffsets(parts),
    labels: joinFloats(parts.map((part) => part.labels)),
    features: joinFloats(level.map((part) => part.features)),
    width: level[0].width,
    ...notesOf(parts),
    ...(named ? { documents: parts.flatMap((part) => part.documents!) } : {}),
  }
}
