/** Every comparison with the field as a dot: how many times as long a peer takes, a line a peer. */

import { logAxis } from '../../report/axes.ts'
import { significant } from '../../report/numbers.ts'
import { draw, type Figure, Plot, palette } from '../../report/plot.ts'
import { entriesOf, type RunData } from '../../results/view.ts'
import { pairsOf } from '../pairs.ts'
import { besidePeers, comparedOf, systemOf } from './peers-table.ts'

const lineHeight = 22

/** Nothing where no cell was measured beside all of them. */
export function peersFigures(run: RunData): Figure[] {
  const pairs = pairsOf(entriesOf(run, 'speed')).filter((pair) => besidePeers(pair) && pair.theirs)
  const dots = pairs.flatMap(comparedOf).map(({ pair, value }) => ({ peer: systemOf(pair), value }))
  if (dots.length === 0) return []
  const peers = [...new Set(dots.map(({ peer }) => peer))]
  const values = dots.map(({ value }) => value)
  const figure = draw(
    'speed-field',
    'Theirs / ours, a dot a comparison: right of the line ours is faster',
    [[palette.blue, 'one operator on one shape, forward and backward; of floors forward alone']],
    {
      width: 760,
      height: 70 + lineHeight * peers.length,
      marginLeft: 140,
      marginBottom: 44,
      grid: true,
      x: logAxis([...values, 1], 'theirs / ours', (ratio) => `${significant(ratio)}x`),
      y: { domain: peers, label: null },
      marks: [
        Plot.ruleX([1], { stroke: palette.grey, strokeWidth: 2 }),
        Plot.dot(dots, { x: 'value', y: 'peer', fill: palette.blue, fillOpacity: 0.6, r: 3.5 }),
      ],
    },
  )
  return [figure]
}
