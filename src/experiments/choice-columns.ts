/** Columns of tables that tell what the validation part chose, and how often it chose the edge of what it was offered. */

import { formatPlain } from '../report/numbers.ts'
import { type Column, right, type Value } from '../report/table.ts'
import { type Entry, observation } from '../results/view.ts'
import { mean } from '../stats/mean.ts'
import { median } from '../stats/quantile.ts'

/** The values of a fact of the training over cells; cells without it are left out. */
export const factsOf = (entries: readonly Entry[], fact: string): number[] =>
  entries.flatMap(({ result }) => observation(result, fact)?.value ?? [])

const plain = (value: number): Value => ({ text: formatPlain(value), data: value })

/** `14 %` */
function share(values: readonly number[], counts: (value: number) => boolean): Value {
  const part = mean(values.map((value) => (counts(value) ? 1 : 0)))
  return { text: `${Math.round(100 * part)} %`, data: part }
}

const lowest = (edge: number): boolean => edge === -1
const highest = (edge: number): boolean => edge === 1
const isOne = (value: number): boolean => value === 1

/** A kind of choice of which only the highest edge is told. */
interface Also {
  readonly name: string
  readonly title: string
}

export const choiceColumns = (also: readonly Also[] = []): Column[] =>
  [
    'trials',
    'diverged',
    'rate',
    'lowest',
    'highest',
    'softness',
    'lowest',
    'highest',
    ...also.map(({ title }) => title),
    'best step',
    'at the cap',
  ].map(right)

export function choiceValues(entries: readonly Entry[], also: readonly Also[] = []): Value[] {
  const values = (fact: string) => factsOf(entries, fact)
  const edges = (fact: string) => {
    const found = values(`edge:${fact}`)
    return [share(found, lowest), share(found, highest)]
  }
  return [
    plain(median(values('trials'))),
    { text: String(values('trials-diverged').reduce((sum, count) => sum + count, 0)), data: null },
    plain(median(values('learning-rate'))),
    ...edges('learning-rate'),
    plain(median(values('softness-factor'))),
    ...edges('softness-factor'),
    ...also.map(({ name }) => edges(name)[1]),
    plain(median(values('best-step'))),
    share(values('stopped-by-cap'), isOne),
  ]
}

/** Grids are written with x between their values. */
export const grid = (value: unknown): string => String(value).split('x').join(', ')

/** What the columns say. @param over what cells differ in */
export const choiceLine = (over: string, also: readonly Also[] = []): string =>
  `rate, softness, best step: medians over ${over}; lowest, highest${also.map(({ title }) => `, ${title}`).join('')}: share of cells that chose this edge of what was offered; at the cap: share whose training more steps would have continued; diverged: trials given up in all cells`
