/** Mean ranks with their intervals, a line each. */

import type { RankedBlocks } from '../stats/mean-ranks.ts'
import { draw, type Figure, Plot, palette } from './plot.ts'

interface Words {
  readonly name: string
  readonly title: string
  /** What was drawn again for the intervals. */
  readonly drawn: string
}

const rowHeight = 16

/** @param names as they stand beside the lines @param labelWidth pixels for them */
export function meanRankFigure(
  { meanRanks, intervals }: RankedBlocks,
  names: readonly string[],
  labelWidth: number,
  { name: file, title, drawn }: Words,
): Figure {
  const lines = names.map((name, i) => ({ name, rank: meanRanks[i], ...intervals[i] })).sort((a, b) => a.rank - b.rank)
  return draw(file, title, [[palette.blue, `with its 95 % interval, ${drawn} drawn again`]], {
    width: 900,
    height: rowHeight * lines.length + 75,
    marginLeft: labelWidth,
    marginBottom: 45,
    grid: true,
    x: { label: 'mean rank, 1 is best', domain: [1, names.length] },
    y: { label: null, domain: lines.map(({ name }) => name), type: 'point' },
    marks: [
      Plot.frame({ stroke: '#999' }),
      Plot.ruleY(lines, { y: 'name', x1: 'low', x2: 'high', stroke: palette.sky, strokeWidth: 1.6 }),
      Plot.dot(lines, { y: 'name', x: 'rank', fill: palette.blue, r: 3.5 }),
    ],
  })
}
