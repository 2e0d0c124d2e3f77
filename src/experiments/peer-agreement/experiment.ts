/** Does a peer compute what we compute? Values and gradients beside ours: as drawn, with ties, small and large. */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment } from '../../core/experiment.ts'
import { type OperatorSpec, promisesOf } from '../../core/method.ts'
import { methodOf } from '../../core/method-ref.ts'
import { factsOf, operatorNames } from '../../core/operators.ts'
import type { Observation } from '../../core/result.ts'
import { operatorInputs } from '../../probe/operator-inputs.ts'
import { agreementMeasures } from '../../probe/time-measures.ts'
import { besides, operatorCells } from '../operator-cells.ts'

/** What is made of the numbers of a cell, by the word for it. */
const kinds: readonly (readonly [string, (values: Float64Array) => Float64Array])[] = [
  ['as drawn', (values) => values],
  // Differences of such numbers are no whole ones: a margin of 1 is no kink.
  ['tied', (values) => values.map((x) => 0.3 * Math.round(x / 0.3))],
]
const scaled: typeof kinds = [
  ['times 1/100', (values) => values.map((x) => x / 100)],
  ['times 100', (values) => values.map((x) => x * 100)],
]

/** Where tied values are kinks two answers may both be right, as at the pivots of sorted values. */
const comparesAtTies = (spec: OperatorSpec, { method }: Cell): boolean =>
  factsOf(methodOf(method).operator).unit === 'loss' && !promisesOf(spec, method.params).kinksAtTies

interface Worst {
  readonly observed: Observation
  readonly kind: string
}

/** The largest of each measure, and of what. */
function worstOf(found: readonly Worst[]): Worst[] {
  const byMetric = new Map<string, Worst>()
  for (const each of found) {
    const known = byMetric.get(each.observed.metric)
    if (!known || !(each.observed.value <= known.observed.value)) byMetric.set(each.observed.metric, each)
  }
  return [...byMetric.values()]
}

async function agreementOf(cell: Cell, bench: Bench): Promise<readonly Observation[]> {
  const { theirs } = bench
  if (!theirs) throw new Error('agreement is that of somebody else with us')
  const spec = bench.operator(cell.method)
  const [drawn] = operatorInputs(bench.dataset(cell.dataset), cell).values
  const found: Worst[] = []
  for (const [kind, make] of [...kinds, ...(cell.experiment.params.scales ? scaled : [])]) {
    const gradients = kind !== 'tied' || comparesAtTies(spec, cell)
    for (const observed of await theirs.agree(make(drawn), { gradients })) found.push({ observed, kind })
  }
  const worst = worstOf(found)
  bench.warn({ code: 'where', message: worst.map(({ observed, kind }) => `${observed.metric} ${kind}`).join(', ') })
  return worst.map(({ observed }) => observed)
}

export const peerAgreement: Experiment = {
  name: 'peer-agreement',
  version: 1,
  question: 'Do peers compute what we compute, over sizes, strengths, ties and scales?',
  params: {
    scales: {
      kind: 'flag',
      default: true,
      meaning: 'compare at values a hundred times smaller and larger too, where iterations may not converge',
    },
  },
  measures: agreementMeasures,
  takes: { operators: operatorNames, data: 'lists', systems: 'peers' },
  timed: false,
  plan: (scope) => operatorCells(scope).flatMap((cell) => besides(scope, cell).map((system) => ({ ...cell, system }))),
  run: agreementOf,
  report: async () => (await import('./report.ts')).reporter,
}
