/** All rankers of a run on one data set, each under a name that tells it from the others. */

import { isMethod } from '../core/method-ref.ts'
import { formatRef, labelRef } from '../core/selector.ts'
import { datasets, experiments, kindNamed } from '../registry.ts'
import { type Entry, groupBy, type RunData } from '../results/view.ts'
import { type Measured, measuredOf } from './measured.ts'
import type { Target } from './target.ts'

export interface Ranker {
  readonly name: string
  /** A constant, a feature, a closed form: nothing that a loss has trained. */
  readonly lossless: boolean
  /** What it measures is the same whatever the seed: nothing was trained, on data that no seed draws. */
  readonly isFixed: boolean
  /** A fact about data or about what others published. */
  readonly certifies: boolean
  readonly entries: readonly Entry[]
  measured(metric: string): Measured
}

/** Read once a metric: every family looks at every ranker. */
function ranker(name: string, entries: readonly Entry[]): Ranker {
  const known = new Map<string, Measured>()
  const lossless = !isMethod(entries[0].cell.method)
  const kind = datasets.get(entries[0].cell.dataset.name)?.kind
  return {
    name,
    entries,
    lossless,
    isFixed: lossless && !(kind && kindNamed(kind).drawnBySeed),
    certifies: experiments.get(entries[0].cell.experiment.name)?.certifies ?? false,
    measured(metric) {
      const found = known.get(metric) ?? measuredOf(entries, metric)
      known.set(metric, found)
      return found
    },
  }
}

/** Settings of the experiment that tell two rankers with one method apart, the fewest that do. */
function settings(entry: Entry, all: readonly Entry[]): string {
  const params = Object.entries(entry.cell.experiment.params)
  const differing = params.filter(([name, value]) =>
    all.some(
      ({ cell }) => cell.experiment.name === entry.cell.experiment.name && cell.experiment.params[name] !== value,
    ),
  )
  const [first] = differing
  return first ? `, ${first[0]}=${first[1]}` : ''
}

const keyOf = ({ cell }: Entry): string => [formatRef(cell.experiment), formatRef(cell.method), cell.system].join(' ')

const known = new WeakMap<RunData, Map<string, Ranker[]>>()

function find(run: RunData, dataset: string): Ranker[] {
  const entries = run.entries.filter(({ cell }) => formatRef(cell.dataset) === dataset)
  const groups = [...groupBy(entries, keyOf).values()]
  const firsts = groups.map(([entry]) => entry)
  return groups.map((own) => {
    const { method } = own[0].cell
    const alike = firsts.filter(({ cell }) => formatRef(cell.method) === formatRef(method))
    return ranker(labelRef(method, run.spaces.get(method.name)) + settings(own[0], alike), own)
  })
}

/** Found once a run and data set. */
export function rankersOn(run: RunData, { dataset }: Pick<Target, 'dataset'>): Ranker[] {
  const byDataset = known.get(run) ?? new Map<string, Ranker[]>()
  known.set(run, byDataset)
  const name = formatRef(dataset)
  const found = byDataset.get(name) ?? find(run, name)
  byDataset.set(name, found)
  return found
}
