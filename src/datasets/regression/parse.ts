/** Tables of numbers as ARFF (the last attribute is the target) and as LIBSVM text (the first number is). */

import { dataError } from '../../core/errors.ts'

interface Table {
  readonly features: Float64Array
  readonly width: number
  readonly targets: Float64Array
}

/** The values of a nominal attribute; undefined for a number. */
type Attribute = readonly string[] | undefined

const attributeLine = /^@attribute\s+('[^']*'|"[^"]*"|\S+)\s+(.*)$/i

function attributeOf(line: string, path: string, at: number): Attribute {
  const [, , type] = attributeLine.exec(line) ?? []
  if (type === undefined) throw dataError(`${path}, line ${at}: "${line.slice(0, 40)}" is no attribute`)
  const nominal = /^\{(.*)\}$/.exec(type.trim())
  if (nominal) return nominal[1].split(',').map((value) => value.trim())
  if (/^(real|numeric|integer)$/i.test(type.trim())) return undefined
  throw dataError(`${path}, line ${at}: attribute of type "${type}"; expected a number or {values}`)
}

/** Values that are numbers in order of size are a number; others are an indicator each. */
const isOrdinal = (values: readonly string[]): boolean => values.every((value) => Number.isFinite(Number(value)))

function cellsOf(word: string, attribute: Attribute): number[] {
  if (!attribute || isOrdinal(attribute)) return [word === '' ? Number.NaN : Number(word)]
  return attribute.includes(word) ? attribute.map((value) => (value === word ? 1 : 0)) : [Number.NaN]
}

function tableOf(rows: readonly (readonly number[])[], path: string): Table {
  if (rows.length === 0) throw dataError(`${path} holds no rows`)
  const width = rows[0].length - 1
  return {
    width,
    features: Float64Array.from(rows.flatMap((row) => row.slice(0, width))),
    targets: Float64Array.from(rows, (row) => row[width]),
  }
}

/** Rows with a missing value (?) are left out. @throws RankBenchError(data) with file and line */
export function parseArff(text: string, path: string): Table {
  const lines = text.split(/\r?\n/)
  const start = lines.findIndex((line) => /^@data\b/i.test(line))
  if (start < 0) throw dataError(`${path} has no @data line; expected ARFF`)
  const attributes = lines
    .slice(0, start)
    .flatMap((line, i) => (/^@attribute\b/i.test(line) ? [attributeOf(line.trim(), path, i + 1)] : []))
  const rows = lines.slice(start + 1).flatMap((line, i) => {
    const text = line.trim()
    if (text === '' || text.startsWith('%')) return []
    const words = text.split(',').map((word) => word.trim())
    if (words.length !== attributes.length)
      throw dataError(`${path}, line ${start + i + 2}: ${words.length} values; expected ${attributes.length}`)
    if (words.includes('?')) return []
    const row = words.flatMap((word, j) => cellsOf(word, attributes[j]))
    if (row.every(Number.isFinite)) return [row]
    throw dataError(`${path}, line ${start + i + 2}: "${text.slice(0, 40)}" holds what its attributes do not allow`)
  })
  return tableOf(rows, path)
}

/** `target index:value ...`, indices from 1; what is left out is 0. @throws RankBenchError(data) with file and line */
export function parseLibsvm(text: string, path: string): Table {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const parsed = lines.map((line, i) => {
    const [target, ...pairs] = line.trim().split(/\s+/)
    const cells = pairs.map((pair) => pair.split(':').map(Number))
    const right =
      Number.isFinite(Number(target)) && cells.every((cell) => cell.length === 2 && cell.every(Number.isFinite))
    if (right) return { target: Number(target), cells }
    throw dataError(`${path}, line ${i + 1}: "${line.slice(0, 40)}"; expected target index:value ...`)
  })
  const width = parsed.reduce((most, { cells }) => cells.reduce((wide, [index]) => Math.max(wide, index), most), 0)
  const rows = parsed.map(({ target, cells }) => {
    const row = new Array<number>(width + 1).fill(0)
    for (const [index, value] of cells) row[index - 1] = value
    row[width] = target
    return row
  })
  return tableOf(rows, path)
}
