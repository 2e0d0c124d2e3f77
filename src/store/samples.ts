/**
 * A whole run as one Arrow file, for programs and for keeping: what the journal holds, a number a row.
 *
 *   key, metric, round   which visit to which cell, and what it answers with
 *   index                the place of a sample in the order taken; -1 for the value itself
 *   value                f64
 *
 * What is not a number (states, warnings, times of visits, units) is JSON in the metadata of the schema, so that the journal
 * can be read back from the file. Files written before that hold samples only.
 */

import {
  Dictionary,
  Int32,
  makeVector,
  Schema,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow'
import { dataError } from '../core/errors.ts'
import type { Observation, Visit, VisitOutcome } from '../core/result.ts'
import { isMeasured } from '../core/visits.ts'

interface Columns {
  readonly key: string[]
  readonly metric: string[]
  readonly round: number[]
  readonly index: number[]
  readonly value: number[]
}

/** Index of the row that holds the value of an observation. */
const ofValue = -1

function push(columns: Columns, { key, round }: Visit, metric: string, index: number, value: number): void {
  columns.key.push(key)
  columns.metric.push(metric)
  columns.round.push(round)
  columns.index.push(index)
  columns.value.push(value)
}

function columnsOf(visits: readonly Visit[]): Columns {
  const columns: Columns = { key: [], metric: [], round: [], index: [], value: [] }
  for (const visit of visits) {
    if (!isMeasured(visit.outcome)) continue
    for (const { metric, value, samples } of visit.outcome.observations) {
      push(columns, visit, metric, ofValue, value)
      samples?.forEach((sample, index) => {
        push(columns, visit, metric, index, sample)
      })
    }
  }
  return columns
}

/** A visit without its numbers. */
type VisitFacts = Omit<Visit, 'outcome'> & {
  readonly outcome:
    | Exclude<VisitOutcome, { status: 'measured' }>
    | (Omit<Extract<VisitOutcome, { status: 'measured' }>, 'observations'> & {
        /** Each as a position in `facts`. */
        readonly observations: readonly number[]
      })
}

/** What is said of a number: its name, unit, good side. Few, and shared by many numbers. */
type Fact = Omit<Observation, 'value' | 'samples'>

function visitsOf(visits: readonly Visit[]): {
  readonly facts: readonly Fact[]
  readonly visits: readonly VisitFacts[]
} {
  const facts = new Map<string, number>()
  const place = ({ value: _, samples: __, ...fact }: Observation): number => {
    const text = JSON.stringify(fact)
    const at = facts.get(text) ?? facts.size
    facts.set(text, at)
    return at
  }
  const bare = visits.map(
    (visit): VisitFacts => ({
      ...visit,
      outcome: isMeasured(visit.outcome)
        ? { ...visit.outcome, observations: visit.outcome.observations.map(place) }
        : visit.outcome,
    }),
  )
  return { facts: [...facts.keys()].map((text) => JSON.parse(text)), visits: bare }
}

/** @param id within the file; left out, it would count the dictionaries of the process, and equal visits make unequal files */
const dictionary = (values: string[], id: number) =>
  vectorFromArray(values, new Dictionary(new Utf8(), new Int32(), id))

/** Arrow IPC file bytes. */
export function samplesToArrow(visits: readonly Visit[]): Uint8Array {
  const columns = columnsOf(visits)
  const plain = new Table({
    key: dictionary(columns.key, 0),
    metric: dictionary(columns.metric, 1),
    round: makeVector(Int32Array.from(columns.round)),
    index: makeVector(Int32Array.from(columns.index)),
    value: makeVector(Float64Array.from(columns.value)),
  })
  const metadata = new Map([['rank-bench', JSON.stringify(visitsOf(visits))]])
  return tableToIPC(new Table(new Schema(plain.schema.fields, metadata), plain.batches), 'file')
}

interface Numbers {
  value: number
  readonly samples: number[]
}

/** All numbers of a file, by visit and metric, in the order written. */
function numbersOf(table: Table): Map<string, Map<string, Numbers>> {
  const visits = new Map<string, Map<string, Numbers>>()
  const [key, metric, round, index, value] = ['key', 'metric', 'round', 'index', 'value'].map((name) => {
    const column = table.getChild(name)
    if (!column) throw dataError(`samples: no column "${name}"`, 'the file is not one that rank-bench wrote')
    return [...column.memoize()]
  }) as [string[], string[], number[], number[], number[]]
  for (let i = 0; i < value.length; i++) {
    const visit = `${key[i]}/${round[i]}`
    const metrics = visits.get(visit) ?? new Map<string, Numbers>()
    visits.set(visit, metrics)
    const numbers = metrics.get(metric[i]) ?? { value: Number.NaN, samples: [] }
    metrics.set(metric[i], numbers)
    if (index[i] === ofValue) numbers.value = value[i]
    else numbers.samples.push(value[i])
  }
  return visits
}

/** Whether the file holds all that its run's journal did; older files hold samples only. */
export const isWhole = (bytes: Uint8Array): boolean => tableFromIPC(bytes).schema.metadata.has('rank-bench')

/** What an older file leaves out of an observation: everything but its samples. */
export type Describe = (key: string, metric: string, samples: readonly number[]) => Observation

/** Visits of a file that holds samples only: those that were measured, without their warnings. */
function visitsOfSamples(numbers: ReadonlyMap<string, ReadonlyMap<string, Numbers>>, describe: Describe): Visit[] {
  return [...numbers].map(([visit, metrics]) => {
    const slash = visit.lastIndexOf('/')
    const key = visit.slice(0, slash)
    return {
      key,
      round: Number(visit.slice(slash + 1)),
      startedAt: '',
      elapsedMs: 0,
      outcome: {
        status: 'measured',
        warnings: [],
        observations: [...metrics].map(([metric, { samples }]) => describe(key, metric, samples)),
      },
    }
  })
}

function withNumbers(
  { outcome, ...visit }: VisitFacts,
  facts: readonly Fact[],
  metrics: ReadonlyMap<string, Numbers>,
): Visit {
  if (outcome.status !== 'measured') return { ...visit, outcome }
  const observations = outcome.observations.map((at): Observation => {
    const { value, samples } = metrics.get(facts[at].metric)!
    return { ...facts[at], value, ...(samples.length > 0 && { samples }) }
  })
  return { ...visit, outcome: { ...outcome, observations } }
}

/**
 * The visits that a file holds.
 * @param describe says of an older file's samples what its file does not
 * @throws RankBenchError(data) when it is no such file
 */
export function samplesFromArrow(bytes: Uint8Array, describe: Describe): Visit[] {
  const table = tableFromIPC(bytes)
  const numbers = numbersOf(table)
  const text = table.schema.metadata.get('rank-bench')
  if (text === undefined) return visitsOfSamples(numbers, describe)
  const { facts, visits } = JSON.parse(text) as { facts: Fact[]; visits: VisitFacts[] }
  const none = new Map<string, Numbers>()
  return visits.map((visit) => withNumbers(visit, facts, numbers.get(`${visit.key}/${visit.round}`) ?? none))
}
