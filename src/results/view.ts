/** A stored run as reports want it: cells with results and visits. */

import type { Cell } from '../core/cell.ts'
import type { Entry, RunData } from '../core/report.ts'
import type { Observation, Result } from '../core/result.ts'
import { labelRef } from '../core/selector.ts'

export type { Entry, RunData } from '../core/report.ts'

export const entriesOf = (run: RunData, experiment: string): Entry[] =>
  run.entries.filter((entry) => entry.cell.experiment.name === experiment)

export const methodLabel = (run: RunData, cell: Cell): string => labelRef(cell.method, run.spaces.get(cell.method.name))
/** Sizes are always shown: a time without its n says nothing. */
export const datasetLabel = (run: RunData, cell: Cell): string =>
  labelRef(cell.dataset, run.spaces.get(cell.dataset.name), ['batch', 'n'])
export const experimentLabel = (run: RunData, cell: Cell): string =>
  labelRef(cell.experiment, run.spaces.get(cell.experiment.name))

/** `, seed 2` where entries differ in their seeds: rows that look alike would be two answers to one question. */
export function seedSuffix(entries: readonly Entry[]): (cell: Cell) => string {
  const several = new Set(entries.map(({ cell }) => cell.seed)).size > 1
  return ({ seed }) => (several ? `, seed ${seed}` : '')
}

export const observationsOf = (result: Result): readonly Observation[] =>
  result.status === 'measured' ? result.observations : []

export const observation = (result: Result, metric: string): Observation | undefined =>
  observationsOf(result).find((candidate) => candidate.metric === metric)

/** Why a cell has no number, as one short word and one sentence. */
export function absence(result: Result): { readonly word: string; readonly sentence: string } | undefined {
  switch (result.status) {
    case 'measured':
      return undefined
    case 'failed':
      return { word: 'failed', sentence: result.error.message }
    case 'timeout':
      return { word: 'timeout', sentence: `gave no answer within ${result.limitMs / 1000} s` }
    case 'skipped':
      return { word: 'skipped', sentence: `${result.reason}: ${result.detail}` }
    case 'incomplete':
      return { word: 'incomplete', sentence: `${result.rounds} rounds finished` }
  }
}

/** Entries grouped by a text, in order of first appearance. */
export function groupBy(entries: readonly Entry[], keyOf: (entry: Entry) => string): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }
  return groups
}

/** `label: sentence`, once a distinct sentence. */
export function absenceNotes(run: RunData, entries: readonly Entry[]): string[] {
  const notes = new Map<string, string>()
  for (const entry of entries) {
    const why = absence(entry.result)
    if (why && !notes.has(why.sentence))
      notes.set(why.sentence, `${methodLabel(run, entry.cell)}: ${why.word}: ${why.sentence}`)
  }
  return [...notes.values()]
}

const mostWarnings = 4

/** Warnings of a table, grouped by their code; many of one kind become one line with an example. */
export function warningNotes(run: RunData, entries: readonly Entry[]): string[] {
  const byCode = new Map<string, string[]>()
  for (const { cell, result } of entries) {
    if (result.status !== 'measured') continue
    for (const { code, message } of result.warnings) {
      const line = `${methodLabel(run, cell)} on ${datasetLabel(run, cell)}: ${message}`
      byCode.set(code, [...(byCode.get(code) ?? []), line])
    }
  }
  return [...byCode].flatMap(([code, lines]) =>
    lines.length <= mostWarnings
      ? lines
      : [`${lines.length} timings with warning "${code}", e.g. ${lines[0]}; all are in the journal`],
  )
}

export const protocolLine = (run: RunData): string =>
  `median of ${run.protocol.rounds} interleaved rounds, a fresh process each, up to ${run.protocol.samples} batches a process; ± is half the 95 % interval (Student's t over the logarithms of the rounds' medians)`
