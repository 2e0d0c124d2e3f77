/** Places for labels that would cover each other: as near as can be to where they belong, in the same order. */

interface Block {
  /** Where the first of them would stand by the mean of all. */
  mean: number
  count: number
}

/**
 * Least squares under a least distance. Less `gap` for every label before it, the places must not fall: pools of neighbours that do
 * take their mean (Barlow, Bartholomew, Bremner, Brunk, Statistical Inference under Order Restrictions, 1972).
 * @param wanted in any order
 * @param gap between neighbours
 * @param low, high within which all stand; where they do not fit, the gap gives way
 * @returns places in the order of `wanted`
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((i, j) => wanted[i] - wanted[j] || i - j)
  const least = Math.min(gap, (high - low) / Math.max(1, wanted.length - 1))
  const blocks: Block[] = []
  order.forEach((i, at) => {
    let block: Block = { mean: wanted[i] - at * least, count: 1 }
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      const count = last.count + block.count
      block = { mean: (last.mean * last.count + block.mean * block.count) / count, count }
      blocks.pop()
    }
    blocks.push(block)
  })
  const top = high - least * (wanted.length - 1)
  const places = new Array<number>(wanted.length)
  let at = 0
  for (const { mean, count } of blocks) {
    for (let k = 0; k < count; k++, at++) {
      places[order[at]] = Math.min(Math.max(mean, low), top) + at * least
    }
  }
  return places
}
