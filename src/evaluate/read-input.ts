/** JSON given inline, in a file (@path) or on standard input (-). */

import { usageError } from '../core/errors.ts'
import { readSmallText } from '../files/read-text.ts'

function textOf(argument: string, flag: string): string {
  if (argument !== '-' && !argument.startsWith('@')) return argument
  const path = argument === '-' ? argument : argument.slice(1)
  if (path === '') throw usageError(`${flag}: @ names no file`, `write e.g. ${flag} @values.json`)
  return readSmallText(path)
}

/** @throws RankBenchError(usage) when the text is not JSON; NaN and Infinity, which JSON lacks, are named. */
export function readJsonInput(argument: string, flag: string): unknown {
  const body = textOf(argument, flag)
  try {
    return JSON.parse(body)
  } catch (cause) {
    const nonFinite = /\b(NaN|-?Infinity|nan|inf)\b/.exec(body)
    if (nonFinite)
      throw usageError(`${flag}: ${nonFinite[0]} in ${describePlace(body, nonFinite.index)}; expected finite numbers`)
    throw usageError(
      `${flag}: not JSON (${cause instanceof Error ? cause.message : cause})`,
      `write e.g. ${flag} '[5,1,2]' or '[[5,1],[2]]', @file or -`,
    )
  }
}

/** Row and index of a place in a JSON array text. */
function describePlace(body: string, at: number): string {
  const before = body.slice(0, at)
  const rowStart = before.lastIndexOf('[')
  const rows = (before.match(/\[/g)?.length ?? 1) - (body.trimStart().startsWith('[[') ? 2 : 1)
  const index = before.slice(rowStart).match(/,/g)?.length ?? 0
  return `row ${Math.max(0, rows)}, index ${index}`
}
