/** Which columns stand beside each other on a page of a given width, and how wide each of them is. */

export interface Extent {
  /** Characters of its longest line when nothing is wrapped. */
  readonly natural: number
  /** Characters below which words would have to be cut. */
  readonly least: number
}

export interface Block {
  /** Columns, by their place in the table. The first column leads every block, so that each row keeps its name. */
  readonly columns: readonly number[]
  readonly widths: readonly number[]
}

/** Spaces between columns. */
export const gap = 2
/** Columns are not made narrower than this while another one can give way. */
const comfortable = 24

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1)

/** Takes from the widest column that has something to give, until all fit or none has. */
function shrink(extents: readonly Extent[], limit: number): number[] {
  const widths = extents.map(({ natural }) => natural)
  const floorOf = ({ natural, least }: Extent, floor: number) => Math.min(natural, Math.max(least, floor))
  for (const floor of [comfortable, 0]) {
    for (let excess = total(widths) - limit; excess > 0; excess = total(widths) - limit) {
      const slack = widths.map((width, i) => (width > floorOf(extents[i], floor) ? width : 0))
      const widest = slack.reduce((best, width, i) => (width > slack[best] ? i : best), 0)
      if (slack[widest] === 0) break
      widths[widest]--
    }
  }
  return widths
}

const blockOf = (columns: readonly number[], extents: readonly Extent[], limit: number): Block => ({
  columns,
  widths: shrink(
    columns.map((column) => extents[column]),
    limit,
  ),
})

/** One block where everything fits, wrapped if it must be; else as many as it takes, each with the first column. */
export function fitColumns(extents: readonly Extent[], limit: number): Block[] {
  const fits = (columns: readonly number[]) => total(blockOf(columns, extents, limit).widths) <= limit
  const blocks: number[][] = [[0]]
  for (let column = 1; column < extents.length; column++) {
    const current = blocks[blocks.length - 1]
    if (current.length === 1 || fits([...current, column])) current.push(column)
    else blocks.push([0, column])
  }
  return blocks.map((columns) => blockOf(columns, extents, limit))
}
