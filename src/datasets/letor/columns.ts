/** Growing columns that a parser fills and hands over as RankingData. */

import type { RankingData } from '../../core/dataset.ts'

type Column = Float32Array<ArrayBuffer>

export interface Columns {
  /** Number of features seen so far, or known beforehand. */
  width: number
  /** Cells of a row of `features`; at least `width`, so that widening is rare. */
  stride: number
  /** documents x stride, row-major. */
  features: Column
  labels: Column
  documents: number
  named: number
  readonly names: string[]
  readonly queries: string[]
  readonly starts: number[]
}

export const createColumns = (width = 0): Columns => ({
  width,
  stride: width,
  features: new Float32Array(0),
  labels: new Float32Array(0),
  documents: 0,
  named: 0,
  names: [],
  queries: [],
  starts: [],
})

function grown(array: Column, length: number): Column {
  const larger = new Float32Array(Math.max(length, 2 * array.length, 1024))
  larger.set(array)
  return larger
}

/** Copy of `rows` rows of `from` cells at `to` cells a row; the new cells are 0, or the last ones are cut off. */
function relaid(features: Column, rows: number, from: number, to: number): Column {
  const result = new Float32Array(rows * to)
  const kept = Math.min(from, to)
  for (let row = 0; row < rows; row++) result.set(features.subarray(row * from, row * from + kept), row * to)
  return result
}

/** Room for one more document; its row of features is zero. @returns its number */
export function addDocument(columns: Columns, label: number): number {
  const document = columns.documents++
  if (document >= columns.labels.length) columns.labels = grown(columns.labels, document + 1)
  const cells = (document + 1) * columns.stride
  if (cells > columns.features.length) columns.features = grown(columns.features, cells)
  columns.labels[document] = label
  return document
}

/** Makes room for feature `feature` in every row: doubling, as sparse files tell their width bit by bit. */
export function widen(columns: Columns, feature: number): void {
  columns.width = feature
  if (feature <= columns.stride) return
  const stride = Math.max(feature, 2 * columns.stride)
  columns.features = relaid(columns.features, columns.documents, columns.stride, stride)
  columns.stride = stride
}

export function nameDocument(columns: Columns, document: number, name: string | undefined): void {
  columns.names[document] = name ?? ''
  if (name !== undefined) columns.named++
}

/** Documents of the list that is being read. */
export const listLength = ({ documents, starts }: Columns): number => documents - (starts[starts.length - 1] ?? 0)

export function startQuery(columns: Columns, query: string): void {
  columns.queries.push(query)
  columns.starts.push(columns.documents)
}

/** Names are all or nothing: a half-named list cannot break ties by name. */
export function finish(columns: Columns): RankingData {
  const { documents, width, stride, features, names } = columns
  return {
    queries: columns.queries,
    offsets: Uint32Array.from([...columns.starts, documents]),
    labels: columns.labels.slice(0, documents),
    features: stride === width ? features.slice(0, documents * width) : relaid(features, documents, stride, width),
    width,
    ...(documents > 0 && columns.named === documents ? { documents: names } : {}),
  }
}
