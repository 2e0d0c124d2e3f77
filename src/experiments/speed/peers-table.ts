/** The field beside ours: where others are ahead first, then every peer in a line. */

import { formatTime, significant } from '../../report/numbers.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { ratioValue } from '../../report/values.ts'
import { absence, datasetLabel, methodLabel, observation, type RunData } from '../../results/view.ts'
import type { Pair } from '../pairs.ts'
import { type Pass, speedRatio, threadsOf, withheld } from './pairs.ts'

/** Cells that were measured beside all who have them. */
export const besidePeers = ({ ours }: Pair): boolean => ours.cell.experiment.params.beside === 'peers'

interface Compared {
  readonly pair: Pair
  readonly pass: Pass
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Forward and backward together; forward alone of floors, which have no more. */
export function comparedOf(pair: Pair): Compared[] {
  const whole = speedRatio(pair, 'both')
  if (whole) return [{ pair, pass: 'both', ...whole }]
  const forward = speedRatio(pair, 'forward')
  return forward ? [{ pair, pass: 'forward', ...forward }] : []
}

export const systemOf = ({ theirs }: Pair): string => theirs!.cell.system

const ratioOf = ({ value, low, high }: Compared): Value => ratioValue(value, { low, high, level: 0.95 })

/** Those whose whole interval is below 1, and those whose interval holds 1, slowest of ours first. */
function aheadTable(run: RunData, compared: readonly Compared[]): ReportTable {
  const near = compared.filter(({ low }) => low < 1).sort((a, b) => a.value - b.value)
  return {
    id: 'speed/ahead',
    title: 'Where others are ahead, or level',
    about: [
      `of ${compared.length} comparisons; theirs / ours below 1: they are faster; forward and backward, of floors forward alone`,
    ],
    columns: [
      left('peer'),
      left('operator'),
      left('data'),
      left('pass'),
      right('threads'),
      right('theirs / ours'),
      left(''),
    ],
    rows: near.map((each) => [
      text(systemOf(each.pair)),
      text(methodLabel(run, each.pair.ours.cell)),
      text(datasetLabel(run, each.pair.ours.cell)),
      text(each.pass === 'both' ? 'forward + backward' : 'forward'),
      text(String(threadsOf(each.pair.ours.cell))),
      ratioOf(each),
      text(each.high < 1 ? 'they are ahead' : 'level'),
    ]),
    rowKeys: near.map(({ pair }) => [pair.ours.key, pair.theirs!.key]),
    notes: near.length === 0 ? ['nobody, anywhere'] : [],
  }
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

const most = (values: readonly number[]): number => values.reduce((high, value) => Math.max(high, value), 0)
const least = (values: readonly number[]): number => values.reduce((low, value) => Math.min(low, value), Infinity)

/** Cells that gave no time, by why. */
function without(pairs: readonly Pair[]): string {
  const words = pairs.flatMap(({ theirs }) => {
    const word = absence(theirs!.result)?.word ?? withheld(theirs!)
    return word === undefined ? [] : [word]
  })
  return [...new Set(words)].map((word) => `${words.filter((each) => each === word).length} ${word}`).join(', ')
}

function observed(pairs: readonly Pair[], metric: string, side: 'ours' | 'theirs'): number[] {
  return pairs.flatMap((pair) => observation(pair[side]!.result, metric)?.value ?? [])
}

const bytes = (values: readonly number[]): Value =>
  values.length === 0
    ? { text: '–', data: null }
    : { text: `${significant(most(values) / 2 ** 20)} MiB`, data: most(values) }

function peerRow(run: RunData, system: string, pairs: readonly Pair[], compared: readonly Compared[]): Value[] {
  const own = compared.filter(({ pair }) => systemOf(pair) === system)
  const lowest = own.reduce<Compared | undefined>(
    (low, each) => (low && low.value <= each.value ? low : each),
    undefined,
  )
  const first = observed(pairs, 'time.first', 'theirs')
  const none: Value = { text: '–', data: null }
  return [
    text(system),
    { text: String(pairs.length), data: pairs.length },
    text(without(pairs)),
    own.length === 0 ? none : { text: `${significant(geometricMean(own.map(({ value }) => value)))}x`, data: null },
    lowest ? ratioOf(lowest) : none,
    text(lowest ? `${methodLabel(run, lowest.pair.ours.cell)}, ${datasetLabel(run, lowest.pair.ours.cell)}` : ''),
    first.length === 0
      ? none
      : { text: `${formatTime(least(first))} to ${formatTime(most(first))}`, data: most(first) },
    bytes(observed(pairs, 'memory.peak', 'theirs')),
    bytes(observed(pairs, 'memory.peak', 'ours')),
  ]
}

function fieldTable(run: RunData, pairs: readonly Pair[], compared: readonly Compared[]): ReportTable {
  const systems = [...new Set(pairs.map(systemOf))]
  const rows = systems.map((system) => ({ system, own: pairs.filter((pair) => systemOf(pair) === system) }))
  return {
    id: 'speed/field',
    title: 'The field',
    about: [
      'cells: those that the peer offers; theirs / ours: geometric mean over them, and the lowest; first call: forward and backward of a new shape with whatever it compiles; memory: the most that its process, and ours, had resident, runtimes included',
    ],
    columns: [
      left('peer'),
      right('cells'),
      left('without a time'),
      right('theirs / ours'),
      right('lowest'),
      left('there'),
      right('first call'),
      right('memory'),
      right('ours'),
    ],
    rows: rows.map(({ system, own }) => peerRow(run, system, own, compared)),
    rowKeys: rows.map(({ own }) => own.flatMap(({ ours, theirs }) => [ours.key, theirs!.key])),
    notes: Object.entries(run.peers).map(([name, versions]) => `${name}: ${versions}`),
  }
}

/** Nothing where no cell was measured beside all of them. */
export function peerTables(run: RunData, all: readonly Pair[]): ReportTable[] {
  const pairs = all.filter((pair) => besidePeers(pair) && pair.theirs)
  if (pairs.length === 0) return []
  const compared = pairs.flatMap(comparedOf)
  return [aheadTable(run, compared), fieldTable(run, pairs, compared)]
}
