/** The engine beside torchsort, plain PyTorch or the reference. */

import { type Cell, isOurs } from '../../core/cell.ts'
import { dash, left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { ratioValue, timingOf } from '../../report/values.ts'
import { computedLine } from '../../results/computed.ts'
import {
  absence,
  absenceNotes,
  datasetLabel,
  entriesOf,
  methodLabel,
  observation,
  protocolLine,
  type RunData,
  seedSuffix,
  warningNotes,
} from '../../results/view.ts'
import { type Pair, pairsOf } from '../pairs.ts'
import { broughtTables } from './brought-table.ts'
import { speedGrowth } from './growth.ts'
import { type Pass, passes, speedRatio, threadsOf, withheld } from './pairs.ts'
import { besidePeers, peerTables } from './peers-table.ts'
import { speedTargets } from './targets.ts'

/** theirs / ours of one pass, or why there is no ratio. */
export function ratio(pair: Pair, pass: Pass): Value {
  const estimate = speedRatio(pair, pass)
  if (estimate) return ratioValue(estimate.value, { low: estimate.low, high: estimate.high, level: 0.95 })
  if (!pair.theirs) return dash
  const why = absence(pair.theirs.result)?.word ?? withheld(pair.theirs)
  // A warning of a minority of the rounds is not the cell's; the gradients it was about are still off.
  const off = (observation(pair.theirs.result, 'agreement.gradients')?.value ?? 0) > 0
  return { text: why ?? (off ? 'disagrees' : 'none'), data: null }
}

const row = (run: RunData, pair: Pair, suffix: (cell: Cell) => string): Value[] => {
  const { ours, theirs } = pair
  return [
    text(methodLabel(run, ours.cell)),
    text(datasetLabel(run, ours.cell) + suffix(ours.cell)),
    text(ours.cell.precision),
    text(String(threadsOf(ours.cell))),
    text(theirs?.cell.system ?? 'nobody'),
    timingOf(ours.result, passes.forward),
    ratio(pair, 'forward'),
    timingOf(ours.result, passes.both),
    ratio(pair, 'both'),
  ]
}

export function speedTables(run: RunData): ReportTable[] {
  const entries = entriesOf(run, 'speed')
  if (entries.length === 0) return []
  const pairs = pairsOf(entries)
  const peers = [...new Set(Object.values(run.peers))]
  const suffix = seedSuffix(entries)
  const own = entries.filter(({ cell }) => isOurs(cell))
  if (own.length === 0) return broughtTables(run, entries)
  const [by = 'WebAssembly kernels'] = computedLine(run, own)
  return [
    ...peerTables(run, pairs),
    ...broughtTables(run, entries),
    ...speedTargets(pairs.filter((pair) => !besidePeers(pair))),
    ...speedGrowth(pairs.filter((pair) => !besidePeers(pair))),
    {
      id: 'speed',
      title: 'The engine beside others',
      about: [
        `ours: ${by}; torchsort where it has the operator, else plain PyTorch as the authors write it, at equal threads and passive waiting; reference: our own plain TypeScript`,
        ...(peers.length > 0 ? [`peer: ${peers.join('; ')}`] : []),
        'theirs / ours above 1: ours is faster; [95 % interval]; fresh inputs every call; values and gradients are compared before anything is timed',
        protocolLine(run),
        run.machine,
      ],
      columns: [
        left('operator'),
        left('data'),
        left('precision'),
        right('threads'),
        left('beside'),
        right('ours, forward'),
        right('theirs / ours'),
        right('ours, both'),
        right('theirs / ours'),
      ],
      rows: pairs.map((pair) => row(run, pair, suffix)),
      rowKeys: pairs.map(({ ours, theirs }) => [ours.key, ...(theirs ? [theirs.key] : [])]),
      notes: [...absenceNotes(run, entries), ...warningNotes(run, entries)],
    },
  ]
}
