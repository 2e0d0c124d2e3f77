/** What the engine set out to reach, and what a run measured. */

import type { Cell } from '../../core/cell.ts'
import type { Operator } from '../../core/operators.ts'
import { reference } from '../../core/system.ts'
import { formatRatio, significant } from '../../report/numbers.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import type { Pair } from '../pairs.ts'
import { isPlainSort, type Pass, sizeOf, speedRatio, threadsOf } from './pairs.ts'

interface Target {
  readonly what: string
  readonly covers: (cell: Cell, beside: string) => boolean
  /** `lowest`: the ratio of every cell; `mean`: the geometric mean of all. */
  readonly of: 'lowest' | 'mean'
  readonly atLeast: number
}

const isSinglePrecision = ({ precision }: Cell): boolean => precision === 'f32'
const besideTorch = (beside: string): boolean => beside === 'torch' || beside === 'torchsort'
const permutahedron = (cell: Cell, beside: string): boolean => beside === 'torchsort' && isSinglePrecision(cell)
const dense = (name: string, batch: number | undefined, n: number) => (cell: Cell, beside: string) =>
  besideTorch(beside) &&
  isSinglePrecision(cell) &&
  cell.method.method === name &&
  (batch === undefined || sizeOf(cell).batch === batch) &&
  sizeOf(cell).n === n

/** Families whose reference visits all pairs of items. */
const allPairs: readonly string[] = ['sigmoid', 'neuralsort', 'softsort']
const valuesOrRanks: readonly string[] = ['sort', 'rank'] satisfies Operator[]
const naive = ({ method }: Cell): boolean => valuesOrRanks.includes(method.operator) && allPairs.includes(method.method)

const targets: readonly Target[] = [
  { what: 'permutahedron, f32, beside torchsort: every cell', covers: permutahedron, of: 'lowest', atLeast: 2.5 },
  { what: 'permutahedron, f32, beside torchsort: geometric mean', covers: permutahedron, of: 'mean', atLeast: 8 },
  ...allPairs.flatMap((name): Target[] => [
    { what: `${name}, f32, beside PyTorch, 128 x 100`, covers: dense(name, 128, 100), of: 'lowest', atLeast: 1.5 },
    {
      what: `${name}, f32, beside PyTorch, n = 1,000`,
      covers: dense(name, undefined, 1000),
      of: 'lowest',
      atLeast: 10,
    },
    { what: `${name}, f32, beside PyTorch, n = 10,000`, covers: dense(name, 1, 10000), of: 'lowest', atLeast: 100 },
  ]),
  {
    what: 'losses, beside PyTorch, lists as those of MQ2008',
    covers: (cell, beside) => besideTorch(beside) && cell.method.operator === 'loss',
    of: 'lowest',
    atLeast: 3,
  },
  {
    what: 'beside the reference, where that visits all pairs, n = 1,000',
    covers: (cell, beside) => beside === reference && naive(cell) && sizeOf(cell).n === 1000,
    of: 'lowest',
    atLeast: 5,
  },
  {
    what: 'beside the reference, from n = 10',
    covers: (_, beside) => beside === reference,
    of: 'lowest',
    atLeast: 1,
  },
]

interface Measured {
  readonly pair: Pair
  readonly pass: Pass
  readonly value: number
  readonly low: number
  readonly high: number
}

function measuredOf(pairs: readonly Pair[], { covers }: Target): Measured[] {
  const covered = pairs.filter(({ ours, theirs }) => theirs && covers(ours.cell, theirs.cell.system))
  return covered.flatMap((pair) =>
    (['forward', 'both'] as const).flatMap((pass) => {
      const ratio = speedRatio(pair, pass)
      return ratio ? [{ pair, pass, ...ratio }] : []
    }),
  )
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

const placeOf = ({ pair, pass }: Measured): string => {
  const { batch, n } = sizeOf(pair.ours.cell)
  const { method, precision } = pair.ours.cell
  const kind = method.params.regularization ? ` ${method.params.regularization}` : ''
  return `${method.name}${kind} ${batch} x ${n} ${precision}, ${threadsOf(pair.ours.cell)} thread(s), ${pass}`
}

const formatLeast = (value: number): string => `at least ${value}x`

function targetRow(pairs: readonly Pair[], target: Target): Value[][] {
  const measured = measuredOf(pairs, target)
  if (measured.length === 0) return []
  const lowest = measured.reduce((least, each) => (each.value < least.value ? each : least))
  const value = target.of === 'lowest' ? lowest.value : geometricMean(measured.map((each) => each.value))
  const met = value >= target.atLeast
  return [
    [
      text(target.what),
      text(formatLeast(target.atLeast)),
      {
        text: target.of === 'lowest' ? formatRatio(lowest.value, lowest.low, lowest.high) : `${significant(value)}x`,
        data: value,
      },
      text(String(measured.length)),
      text(met ? 'met' : 'missed'),
      text(target.of === 'lowest' ? placeOf(lowest) : ''),
    ],
  ]
}

/** A soft operator begins with a sort; what it adds, forward and backward, should cost half of that at most. */
const sortFloor = 1.5

/** Forward and backward of soft ranks and sorts in units of our own plain sort, from n = 1,000. */
function floorRows(pairs: readonly Pair[]): Value[][] {
  const time = ({ ours }: Pair, metric: string): number | undefined =>
    ours.result.status === 'measured'
      ? ours.result.observations.find((observation) => observation.metric === metric)?.value
      : undefined
  const ratios = pairs
    .filter(({ ours, theirs }) => ours.cell.method.method === 'permutahedron' && theirs?.cell.system === 'torchsort')
    .filter(({ ours }) => isSinglePrecision(ours.cell) && sizeOf(ours.cell).n >= 1000)
    .flatMap((pair) => {
      const floor = pairs.find(
        ({ ours }) =>
          isPlainSort(ours.cell) &&
          JSON.stringify([ours.cell.dataset, ours.cell.precision, ours.cell.experiment]) ===
            JSON.stringify([pair.ours.cell.dataset, pair.ours.cell.precision, pair.ours.cell.experiment]),
      )
      const [both, sort] = [time(pair, 'time.forward+backward'), floor && time(floor, 'time.forward')]
      return both && sort ? [{ pair, value: both / sort }] : []
    })
  if (ratios.length === 0) return []
  const worst = ratios.reduce((most, each) => (each.value > most.value ? each : most))
  const place = placeOf({ pair: worst.pair, pass: 'both', value: 0, low: 0, high: 0 })
  return [
    [
      text('permutahedron, f32, forward and backward in units of our own sort, from n = 1,000'),
      text(`at most ${sortFloor}x`),
      { text: `${significant(worst.value)}x`, data: worst.value },
      text(String(ratios.length)),
      text(worst.value <= sortFloor ? 'met' : 'missed'),
      text(place),
    ],
  ]
}

export function speedTargets(pairs: readonly Pair[]): ReportTable[] {
  const rows = [...targets.flatMap((target) => targetRow(pairs, target)), ...floorRows(pairs)]
  if (rows.length === 0) return []
  return [
    {
      id: 'speed/targets',
      title: 'What the engine set out to reach',
      about: ['ratios of medians, theirs / ours, forward and forward with backward; the cell that decides is named'],
      columns: [left('what'), right('target'), right('measured'), right('ratios'), left('verdict'), left('where')],
      rows,
      notes: [],
    },
  ]
}
