/** How networks did on the validation part, look after look: a line a method, mean over seeds. */

import { minimum } from '../../core/extremes.ts'
import { type Line, lineFigure } from '../../report/line-figure.ts'
import { type Figure, fileName } from '../../report/plot.ts'
import { type Entry, groupBy, observation, type RunData } from '../../results/view.ts'
import { mean } from '../../stats/mean.ts'
import { operatorName } from './gumbel.ts'
import { validationCurve } from './outcome.ts'

interface Picture {
  /** Of the file. */
  readonly name: string
  readonly title: string
  /** Label of the vertical axis. */
  readonly axis: string
  readonly scale?: 'linear' | 'log' | 'share'
}

/** Mean over seeds, as far as the shortest training went. */
export function curveOf(entries: readonly Entry[]): Line['points'] {
  const curves = entries.flatMap(({ result }) => {
    const samples = observation(result, validationCurve)?.samples
    return samples ? [samples] : []
  })
  if (curves.length === 0) return []
  const every = Number(entries[0].cell.experiment.params.check)
  return Array.from({ length: minimum(curves.map(({ length }) => length)) }, (_, look) => ({
    x: look * every,
    y: mean(curves.map((curve) => curve[look])),
  }))
}

/** No picture where nothing was measured. */
export function curveFigure(
  run: RunData,
  entries: readonly Entry[],
  { name, title, axis, scale = 'linear' }: Picture,
): Figure[] {
  const lines = [...groupBy(entries, ({ cell }) => operatorName(run, cell))]
    .map(([method, own]) => ({ name: method, points: curveOf(own) }))
    .filter(({ points }) => points.length > 0)
  if (lines.length === 0) return []
  const axes = { x: { label: 'step' }, y: { label: axis, type: scale } }
  return [lineFigure({ name: fileName(name), title }, lines, axes)]
}
