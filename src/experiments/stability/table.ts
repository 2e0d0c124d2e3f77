/** Safe ranges of softness, from the stability maps. */

import { maximum } from '../../core/extremes.ts'
import { left, type ReportTable, text, type Value } from '../../report/table.ts'
import type { RunData } from '../../results/view.ts'
import { isSoft, type SafeRange, type StabilityMap, safeRange, stabilityMaps } from './map.ts'

const power = (value: number): string => Number(value.toPrecision(2)).toString()

function rangeText(range: SafeRange | undefined): Value {
  if (!range) return { text: 'none', data: null }
  const low = range.below === undefined ? `≤ ${power(range.low)}` : power(range.low)
  const high = range.above === undefined ? `≥ ${power(range.high)}` : power(range.high)
  return text(`${low} … ${high}`)
}

/** The worst that is met anywhere on the map, with where. */
function worstOf(maps: readonly StabilityMap[]): string {
  const bad = (state: string) =>
    maps.flatMap((map) => map.points.filter((point) => point.state === state).map((point) => ({ ...point, map })))
  for (const state of ['not finite', 'exploding']) {
    const found = bad(state)
    if (found.length > 0) {
      const { softness, scale, map } = found[0]
      return `${state} (e.g. softness ${power(softness)}, values of ${power(scale)}, ${map.storage})`
    }
  }
  return '–'
}

const orders = (maps: readonly StabilityMap[]): number =>
  maximum(
    maps.flatMap(({ points }) => points.map(({ disorder }) => disorder)),
    0,
  )

const storages = ['f64', 'f32', 'f16', 'bf16']

function rowsOf(maps: readonly StabilityMap[]): Value[][] {
  const keys = [...new Set(maps.map(({ label, n }) => `${label} ${n}`))]
  return keys.map((key) => {
    const own = maps.filter(({ label, n }) => `${label} ${n}` === key)
    const ranges = storages.map((storage) => {
      const map = own.find((each) => each.storage === storage)
      return map ? rangeText(safeRange(map)) : text('')
    })
    const any = own.map((map) => safeRange(map)).find((range) => range)
    return [
      text(own[0].label),
      { text: String(own[0].n), data: own[0].n },
      ...ranges,
      text(`${any?.below ?? '–'} / ${any?.above ?? '–'}`),
      text(worstOf(own)),
      { text: orders(own) === 0 ? '0' : orders(own).toPrecision(2), data: orders(own) },
    ]
  })
}

const columns = [
  left('operator'),
  left('n'),
  ...storages.map((storage) => left(`safe, ${storage}`)),
  left('below / above'),
  left('worst on the whole map'),
  left('order lost'),
]

/** Operators with a softness, and those where only the scale of the values counts; a line an operator and length. */
export function stabilityTables(run: RunData): ReportTable[] {
  const maps = stabilityMaps(run)
  const tables: ReportTable[] = [
    {
      id: 'stability',
      title: 'Safe softness',
      about: [
        'softness at values with standard deviation 1; multiply by the standard deviation, to the power of its unit (rank-bench list methods)',
        'safe: gradients neither vanish nor explode, more than half of the items receive one, and the answer is nearer to the hard one than to a constant; ≤ and ≥: safe as far as the map goes',
      ],
      columns,
      rows: rowsOf(maps.filter(isSoft)),
      notes: [],
    },
    {
      id: 'stability/scale',
      title: 'Safe scale of the values',
      about: [
        'standard deviation of scores at which gradients neither vanish nor explode and more than half of the items receive one',
      ],
      columns,
      rows: rowsOf(maps.filter((map) => !isSoft(map))),
      notes: [],
    },
  ]
  return tables.filter(({ rows }) => rows.length > 0)
}
