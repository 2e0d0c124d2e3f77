/** All samples of a run as one Arrow file: key, metric, round, index, value, in the order taken. For programs. */

import { Dictionary, Int32, makeVector, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow'
import type { Turn } from '../core/result.ts'

interface Columns {
  readonly key: string[]
  readonly metric: string[]
  readonly round: number[]
  readonly index: number[]
  readonly value: number[]
}

function collect(turns: readonly Turn[]): Columns {
  const columns: Columns = { key: [], metric: [], round: [], index: [], value: [] }
  for (const turn of turns) {
    if (turn.outcome.status !== 'measured') continue
    for (const observation of turn.outcome.observations) {
      observation.samples?.forEach((value, index) => {
        columns.key.push(turn.key)
        columns.metric.push(observation.metric)
        columns.round.push(turn.round)
        columns.index.push(index)
        columns.value.push(value)
      })
    }
  }
  return columns
}

const dictionary = (values: string[]) => vectorFromArray(values, new Dictionary(new Utf8(), new Int32()))

/** Arrow IPC file bytes. */
export function samplesToArrow(turns: readonly Turn[]): Uint8Array {
  const columns = collect(turns)
  const table = new Table({
    key: dictionary(columns.key),
    metric: dictionary(columns.metric),
    round: makeVector(Int32Array.from(columns.round)),
    index: makeVector(Int32Array.from(columns.index)),
    value: makeVector(Float64Array.from(columns.value)),
  })
  return tableToIPC(table, 'file')
}
