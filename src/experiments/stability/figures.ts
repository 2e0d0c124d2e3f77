/** Where a model can learn: states of an operator over softness and scale. */

import { maximum } from '../../core/extremes.ts'
import { draw, type Figure, fileName, type Legend, Plot, palette } from '../../report/plot.ts'
import type { RunData } from '../../results/view.ts'
import { faithfulUpTo, type StabilityMap, type StateName, stabilityMaps, states } from './map.ts'

const colours: Readonly<Record<StateName, string>> = {
  healthy: palette.green,
  saturated: palette.sky,
  vanished: palette.orange,
  exploding: palette.vermilion,
  'not finite': palette.black,
}

const tooSoft = '#b8e0d2'
const legend: Legend = states.map((state) => [colours[state], state])
const colour: Plot.ScaleOptions = { domain: [...states], range: states.map((state) => colours[state]) }

/** Labels for whole powers of ten that are multiples of `step`; the ticks between them are left bare. */
const power =
  (step: number) =>
  (value: number): string => {
    const exponent = Math.log10(value)
    const whole = Math.round(exponent)
    return Math.abs(exponent - whole) < 1e-6 && whole % step === 0 ? `1e${whole}` : ''
  }

const storageOrder = (maps: readonly StabilityMap[]): string[] =>
  ['f64', 'f32', 'f16', 'bf16'].filter((storage) => maps.some((map) => map.storage === storage))

const known = ({ points }: StabilityMap) => points.filter(({ state }) => state !== undefined)

/** One picture an operator: softness by scale of the values, a panel a storage format. */
function stateMap(maps: readonly StabilityMap[]): Figure {
  const { label, n } = maps[0]
  const cells = maps.flatMap((map) => known(map).map((point) => ({ ...point, storage: map.storage })))
  const lines = new Set(cells.map(({ softness }) => softness)).size
  return draw(fileName(label), `${label}, n = ${n}`, legend, {
    width: 1000,
    height: 110 + 17 * lines,
    marginLeft: 60,
    marginBottom: 45,
    fx: { label: null, domain: storageOrder(maps) },
    x: { label: 'standard deviation of the values', tickFormat: power(2), tickSize: 0, type: 'band' },
    y: { label: 'softness', tickFormat: power(1), tickSize: 0, type: 'band', reverse: true },
    color: colour,
    marks: [
      Plot.cell(cells, { fx: 'storage', x: 'scale', y: 'softness', fill: 'state', inset: 0.5 }),
      Plot.frame({ stroke: '#999' }),
    ],
  })
}

/** All operators in one picture: states along softness at standard deviation 1, a panel a storage format. */
function stateOverview(maps: readonly StabilityMap[]): Figure {
  const soft = maps.filter(({ points }) => new Set(points.map(({ softness }) => softness)).size > 1)
  const cells = soft.flatMap((map) =>
    known(map)
      .filter(({ scale }) => Math.abs(Math.log10(scale)) < 1e-9)
      .map((point) => ({ ...point, label: map.label, storage: map.storage })),
  )
  const labels = [...new Set(soft.map(({ label }) => label))]
  const title = 'Where a model can learn, by softness and storage format (values with standard deviation 1)'
  return draw('stability', title, [...legend, [tooSoft, 'healthy, but nearer to a constant than to the order']], {
    width: 1100,
    height: 110 + 18 * labels.length,
    marginLeft: 250,
    marginBottom: 45,
    marginTop: 40,
    fx: { label: null, domain: storageOrder(maps) },
    x: { label: 'softness', tickFormat: power(4), tickSize: 0, type: 'band' },
    y: { label: null, domain: labels },
    color: colour,
    marks: [
      Plot.cell(cells, { fx: 'storage', x: 'softness', y: 'label', fill: 'state', inset: 0.5 }),
      Plot.cell(
        cells.filter(({ distance, state }) => state === 'healthy' && distance > faithfulUpTo),
        { fx: 'storage', x: 'softness', y: 'label', fill: tooSoft, inset: 0.5 },
      ),
      Plot.frame({ stroke: '#999' }),
    ],
  })
}

/** Where the longest rows were looked at: all operators in one picture, then one each. */
export function stabilityFigures(run: RunData): Figure[] {
  const maps = stabilityMaps(run)
  const n = maximum(maps.map((map) => map.n))
  const largest = maps.filter((map) => map.n === n)
  if (largest.length === 0) return []
  const labels = [...new Set(largest.map(({ label }) => label))]
  return [stateOverview(largest), ...labels.map((label) => stateMap(largest.filter((map) => map.label === label)))]
}
