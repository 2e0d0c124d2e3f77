/** The command that measures cells of a run again: equal cells, equal keys, where data and peers are the same. */

import { foldsOf } from '../core/dataset.ts'
import { isMethod } from '../core/method-ref.ts'
import { formatProtocol, type Profile, profiles } from '../core/protocol.ts'
import type { Entry } from '../core/report.ts'
import { formatRef } from '../core/selector.ts'
import { shellWord } from '../core/shell-word.ts'
import { datasets, experiments } from '../registry.ts'

/** A config that says nothing measures by it. */
const usualProfile: Profile = 'standard'

/** The profile that a timed cell was measured by; undefined for protocols of earlier versions. */
const profileOf = (protocol: string): Profile | undefined =>
  (Object.keys(profiles) as Profile[]).find((name) => formatProtocol(profiles[name]) === protocol.split(';')[0])

function seedFlags(entries: readonly Entry[]): string[] {
  const seeds = [...new Set(entries.map(({ cell }) => cell.seed))]
  return seeds.length > 1 || seeds[0] !== 1 ? ['--seeds', seeds.join()] : []
}

/** The folds that were measured, where they are not all. */
function foldFlags(entries: readonly Entry[]): string[] {
  const { dataset } = entries[0].cell
  const known = datasets.get(dataset.name)
  const all = known ? foldsOf(known, dataset.params) : []
  const measured = new Set(entries.map(({ cell }) => cell.split))
  const folds = all.filter((fold) => measured.has(fold))
  return folds.length > 0 && folds.length < all.length ? ['--folds', folds.join()] : []
}

function timedFlags(protocol: string): string[] | undefined {
  if (protocol === '') return []
  const profile = profileOf(protocol)
  if (profile === undefined) return undefined
  return profile === usualProfile ? [] : ['--profile', profile]
}

/**
 * `rank-bench run -e ... -m ... -d ...` for cells that differ in fold and seed alone.
 * Undefined where no command line can name them: an unknown experiment, a protocol that no profile has any more.
 * @param plugins of their run; they are named where the cells need them
 */
export function commandOf(entries: readonly Entry[], plugins: readonly string[] = []): string | undefined {
  const { cell } = entries[0]
  const experiment = experiments.get(cell.experiment.name)
  const timed = timedFlags(cell.protocol)
  if (!experiment || !timed) return undefined
  // Rankers that an experiment brings cannot be named; it plans them whatever is.
  const own = experiment.takes.operators === 'own' || !isMethod(cell.method)
  const words = [
    ...['rank-bench', 'run', '-e', formatRef(cell.experiment)],
    ...(own ? [] : ['-m', formatRef(cell.method)]),
    ...['-d', formatRef(cell.dataset)],
    ...(cell.precision === 'f64' ? [] : ['--precision', cell.precision]),
    ...foldFlags(entries),
    ...seedFlags(entries),
    ...(cell.plugin === undefined ? [] : plugins.flatMap((plugin) => ['--plugin', plugin])),
    ...timed,
  ]
  return words.map(shellWord).join(' ')
}
