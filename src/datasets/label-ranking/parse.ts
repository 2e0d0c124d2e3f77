/**
 * The text of a label-ranking set: a line `rows,features,labels`, then a line a row, its features and the rank of each label.
 */

import { dataError } from '../../core/errors.ts'
import type { LabelRankings } from './types.ts'

function header(line: string, path: string): readonly [rows: number, width: number, labels: number] {
  const counts = line.split(',').map(Number)
  if (counts.length === 3 && counts.every((count) => Number.isInteger(count) && count > 0))
    return counts as unknown as readonly [number, number, number]
  throw dataError(
    `${path}, line 1: "${line.slice(0, 40)}"; expected numbers of rows, features and labels, e.g. 150,4,3`,
  )
}

/** Whether the entries from `start` on are 1 to `labels` in some order. */
function isRanking(ranks: Float64Array, start: number, labels: number): boolean {
  const seen = new Set(ranks.subarray(start, start + labels))
  return seen.size === labels && [...seen].every((rank) => Number.isInteger(rank) && rank >= 1 && rank <= labels)
}

/** @throws RankBenchError(data) with file and line */
export function parseLabelRankings(text: string, path: string): LabelRankings {
  const lines = text.split(/\r?\n/)
  while (lines.at(-1) === '') lines.pop()
  const [rows, width, labels] = header(lines[0] ?? '', path)
  if (lines.length !== rows + 1) throw dataError(`${path} has ${lines.length - 1} rows; its first line says ${rows}`)
  const [features, ranks] = [new Float64Array(rows * width), new Float64Array(rows * labels)]
  for (let i = 0; i < rows; i++) {
    const words = lines[i + 1].split(',')
    if (words.length !== width + labels)
      throw dataError(`${path}, line ${i + 2}: ${words.length} numbers; expected ${width + labels}`)
    for (let j = 0; j < width; j++) features[i * width + j] = words[j] === '' ? Number.NaN : Number(words[j])
    for (let j = 0; j < labels; j++) ranks[i * labels + j] = Number(words[width + j])
    const bad = features.subarray(i * width, (i + 1) * width).findIndex((value) => !Number.isFinite(value))
    if (bad >= 0) throw dataError(`${path}, line ${i + 2}: "${words[bad]}" is not a finite number`)
    if (!isRanking(ranks, i * labels, labels))
      throw dataError(
        `${path}, line ${i + 2}: ranks ${words.slice(width).join(',')}; expected 1 to ${labels}, each once`,
      )
  }
  return { features, width, ranks, labels }
}
