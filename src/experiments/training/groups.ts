/** What stands in one table: cells of one experiment on one data set, at the same settings. */

import type { Cell } from '../../core/cell.ts'
import { datasetLabel, type Entry, entriesOf, experimentLabel, groupBy, type RunData } from '../../results/view.ts'

/** @param settingsOf what settings are called; cells that are called alike are compared */
export const settingGroups = (
  run: RunData,
  experiment: string,
  settingsOf: (run: RunData, cell: Cell) => string = experimentLabel,
): [string, Entry[]][] => [
  ...groupBy(entriesOf(run, experiment), ({ cell }) => `${datasetLabel(run, cell)}, ${settingsOf(run, cell)}`),
]

export const seedsOf = (entries: readonly Entry[]): number => new Set(entries.map(({ cell }) => cell.seed)).size

/** `2 seeds` */
export function seedsText(entries: readonly Entry[]): string {
  const seeds = seedsOf(entries)
  return `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`
}
