import type { RankingData } from '../../core/dataset.ts'

/** Labels above it are counted with it: a stray huge label must not ask for a huge table. */
const highestCounted = 31

/** Documents with label 0, 1, 2, ... */
export function countLabels({ labels }: RankingData): number[] {
  const counts = new Array<number>(highestCounted + 1).fill(0)
  for (const label of labels) counts[Math.min(highestCounted, Math.floor(label))]++
  return counts.slice(0, counts.findLastIndex((count) => count > 0) + 1)
}
