/** What programs hand to the functions of the library, looked at before it is used: they come without types. */

import { usageError, valueError } from '../core/errors.ts'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isNumbers = (value: unknown): boolean => Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)

/** @throws RankBenchError(usage) unless it is a text that is not blank */
export function requireText(value: unknown, what: string, example: string): void {
  if (typeof value === 'string' && value.trim() !== '') return
  throw usageError(`${what} is ${JSON.stringify(value) ?? String(value)}; expected text such as ${example}`)
}

/** @throws RankBenchError(usage) unless it is what `run` or `loadRun` answered */
export function requireRunData(value: unknown): void {
  if (isObject(value) && Array.isArray(value.entries) && value.spaces instanceof Map) return
  throw usageError('this is no run; expected what loadRun answers, or the data of what run answers')
}

/** @throws RankBenchError(usage) unless they are tables, as `report` answers */
export function requireTables(value: unknown): void {
  const isTable = (each: unknown) => isObject(each) && Array.isArray(each.columns) && Array.isArray(each.rows)
  if (Array.isArray(value) && value.every(isTable)) return
  throw usageError('these are no tables; expected a list of them, as report answers')
}

/** @throws RankBenchError(value) unless it has labels, scores and offsets */
export function requireLists(value: unknown): void {
  const lacking = ['labels', 'scores', 'offsets'].find((field) => !isObject(value) || !isNumbers(value[field]))
  if (lacking) throw valueError(`lists: ${lacking} is no list of numbers; expected { labels, scores, offsets }`)
}

/** @throws RankBenchError(usage) for fewer than two, or one without name and values */
export function requireRankings(value: unknown): void {
  if (!Array.isArray(value) || value.length < 2)
    throw usageError(`compare takes two rankings or more; ${Array.isArray(value) ? value.length : 'none'} given`)
  const wrong = value.findIndex((each) => !isObject(each) || typeof each.name !== 'string' || !isNumbers(each.perQuery))
  if (wrong >= 0) throw usageError(`ranking ${wrong} is not { name, perQuery }, a text and a list of numbers`)
}
