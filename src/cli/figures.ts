/** The pictures of a run, written to a folder. The plotting library is loaded only when there is something to draw. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { maximum } from '../core/extremes.ts'
import { stabilityMaps } from '../experiments/stability/map.ts'
import { onFile } from '../files/problem.ts'
import { writeWhole } from '../files/write.ts'
import type { Figure } from '../report/plot.ts'
import type { RunData } from '../results/view.ts'
import { tell } from './output.ts'

/** All pictures that a run has the numbers for. */
export async function figuresOf(run: RunData): Promise<Figure[]> {
  const { stateMap, stateOverview } = await import('../experiments/stability/figures.ts')
  const { fidelityFigures } = await import('../experiments/fidelity/figures.ts')
  const { rankerFigures } = await import('../report/figures/ranker-figures.ts')
  const { speedFigures } = await import('../experiments/speed/figures.ts')
  const maps = stabilityMaps(run)
  const n = maximum(maps.map((map) => map.n))
  const largest = maps.filter((map) => map.n === n)
  const labels = [...new Set(largest.map(({ label }) => label))]
  return [
    ...(largest.length > 0 ? [stateOverview(largest)] : []),
    ...labels.map((label) => stateMap(largest.filter((map) => map.label === label))),
    ...fidelityFigures(run),
    ...speedFigures(run),
    ...rankerFigures(run),
  ]
}

export async function writeFigures(run: RunData, folder: string): Promise<void> {
  const figures = await figuresOf(run)
  onFile(folder, () => mkdirSync(folder, { recursive: true }))
  for (const { name, svg } of figures) writeWhole(join(folder, `${name}.svg`), svg)
  tell(`figures: ${figures.length} written to ${folder}`)
}
