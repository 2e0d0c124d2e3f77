/** What is asked of an experiment and would change nothing is refused: a number must be of what was typed. */

import { usageError } from '../core/errors.ts'
import type { Experiment, PlannedCell } from '../core/experiment.ts'
import {
  type Catalogue,
  expandSelectors,
  formatRef,
  parseSelector,
  type Ref,
  splitSelectors,
} from '../core/selector.ts'
import type { Machine, SuiteRequest } from './request.ts'

/** Refs of every selector that takes some in, by its text. */
const bySelector = (texts: readonly string[], catalogue: Catalogue, what: string): [string, Ref[]][] =>
  texts.flatMap(splitSelectors).flatMap((text): [string, Ref[]][] => {
    const selector = parseSelector(text)
    return selector.exclude ? [] : [[text, expandSelectors([selector], catalogue, what)]]
  })

const looksAt = ({ operators, data }: Experiment['takes']): string =>
  `${operators === 'own' ? 'operators of its own' : operators.join(', ')} on ${data === 'own' ? 'values of its own' : data}`

/** What a suite names, and the catalogues it names it in. */
interface Asked {
  readonly suite: SuiteRequest
  readonly experiment: Experiment
  readonly datasets: Catalogue
}

/** Parameters of an experiment that draws its own values, as advice. */
const ownParams = ({ params, name }: Experiment): string =>
  `its own parameters: ${
    Object.entries(params)
      .map(([param, { meaning }]) => `${param} (${meaning})`)
      .join(', ') || 'none'
  }; e.g. -e ${name}`

/** @throws RankBenchError(usage) for data that the experiment does not look at, or methods where it brings its own */
export function requireLookedAt({ suite, experiment, datasets }: Asked, cells: readonly PlannedCell[]): void {
  const { name, takes } = experiment
  if (takes.operators === 'own' && suite.methods && suite.methods.length > 0)
    throw usageError(
      `${name} brings operators of its own; read ${suite.methods.join(' ')}`,
      'leave the methods (-m) out',
    )
  for (const [text, refs] of bySelector(suite.datasets, datasets, 'dataset'))
    requireData(text, refs, experiment, datasets, cells)
}

function requireData(
  text: string,
  refs: readonly Ref[],
  experiment: Experiment,
  datasets: Catalogue,
  cells: readonly PlannedCell[],
): void {
  const { name, takes } = experiment
  const isPlain = (ref: Ref) =>
    Object.entries(datasets.get(ref.name)!).every(([param, spec]) => ref.params[param] === spec.default)
  if (takes.data === 'own' && !refs.every(isPlain))
    throw usageError(
      `${name} draws its own values, and ${text} would change nothing`,
      `leave the data (-d) out; ${ownParams(experiment)}`,
    )
  const used = new Set(cells.map(({ dataset }) => formatRef(dataset)))
  if (refs.some((ref) => used.has(formatRef(ref)))) return
  throw usageError(`${name} has nothing to measure on ${text}; it looks at ${looksAt(takes)}`)
}

/** A suite with what was planned for it. */
interface Planned {
  readonly suite: SuiteRequest
  readonly cells: readonly PlannedCell[]
}

/**
 * Every method that suites name has to be that of a cell of one of them: `-e stability -e fidelity -m 'loss:*'` is for the first.
 * @throws RankBenchError(usage) for a method that none of the experiments looks at
 */
export function requireMethodsLookedAt(
  planned: readonly Planned[],
  operators: Catalogue,
  experiments: ReadonlyMap<string, Experiment>,
): void {
  const seen = new Set(planned.flatMap(({ cells }) => cells.map(({ method }) => method.name)))
  for (const { suite } of planned) {
    const idle = bySelector(suite.methods ?? [], operators, 'method').find(
      ([, refs]) => !refs.some(({ name }) => seen.has(name)),
    )
    if (!idle) continue
    const looking = [...experiments.values()].find(({ name }) => suite.experiment.split('[')[0] === name)
    const advice = looking ? `; it looks at ${looksAt(looking.takes)}` : ''
    throw usageError(`${suite.experiment} has nothing to measure for ${idle[0]}${advice}`)
  }
}

/**
 * A value that suites name has to be that of a cell of one of them: `-c standard --seeds 1,2` is for the suites that draw.
 * @throws RankBenchError(usage) for a precision, a seed or a fold that no cell has
 */
export function requireCarriedOut(planned: readonly Planned[]): void {
  const unheard = <Value>(
    asked: (suite: SuiteRequest) => readonly Value[] | undefined,
    has: (cell: PlannedCell) => Value,
  ): { readonly value: Value; readonly by: string } | undefined => {
    const naming = planned.filter(({ suite }) => asked(suite))
    const values = new Set(naming.flatMap(({ cells }) => cells.map(has)))
    const value = naming.flatMap(({ suite }) => [...asked(suite)!]).find((each) => !values.has(each))
    return value === undefined ? undefined : { value, by: naming.map(({ suite }) => suite.experiment).join(', ') }
  }
  const precision = unheard(
    ({ precisions }) => precisions,
    (cell) => cell.precision,
  )
  if (precision) throw usageError(`${precision.by} has no cell in ${precision.value}`, 'leave the precision out')
  const fold = unheard(
    ({ folds }) => folds,
    (cell) => cell.split,
  )
  if (fold) throw usageError(`${fold.by} has no cell of ${fold.value}`, 'leave the folds out')
  const seed = unheard(
    ({ seeds }) => seeds,
    (cell) => cell.seed,
  )
  if (seed)
    throw usageError(`${seed.by} draws nothing by the seeds of a suite; read seed ${seed.value}`, 'leave the seeds out')
}

/** Threads that an experiment asks for; 1 where it has no such parameter. */
export const threadsOf = ({ params }: Ref): number => Number(params.threads ?? 1)

/** Why cells of an experiment cannot be measured as asked on this machine, or undefined. */
export function beyondMachine(experiment: Ref, { threads }: Machine): string | undefined {
  const asked = threadsOf(experiment)
  if (asked <= threads) return undefined
  return `${experiment.name}[threads=${asked}] asks for ${asked} threads; this machine gives ${threads}`
}

/** @throws RankBenchError(usage) when `engine=fast` is written in the selector of an experiment and the machine has no engine */
export function requireEngine(selector: string, { engineMissing }: Machine): void {
  if (!engineMissing || !parseSelector(selector).grid.engine?.includes('fast')) return
  throw usageError(
    `${selector}: the fast engine cannot be had here: ${engineMissing.reason}`,
    `${engineMissing.cure}; or name engine=reference`,
  )
}
