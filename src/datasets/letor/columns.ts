/** Growing columns that a parser fills and hands over as RankingData. */

import type { RankingData } from '../../core/dataset.ts'

export interface Columns {
  /** Room for one more document; its row of features is zero. @returns its number */
  addDocument(label: number): number
  nameDocument(document: number, name: string | undefined): void
  setFeature(document: number, feature: number, value: number): void
  startQuery(query: string): void
  readonly documents: number
  finish(): RankingData
}

type Column = Float32Array<ArrayBuffer>

const grow = (array: Column, length: number): Column => {
  const larger = new Float32Array(Math.max(length, 2 * array.length, 1024))
  larger.set(array)
  return larger
}

/** Feature rows are re-laid when a wider line appears; published files have every feature on their first line. */
function widen(features: Column, rows: number, from: number, to: number): Column {
  const wider = new Float32Array(Math.max(1024, rows * 2) * to)
  for (let row = 0; row < rows; row++) wider.set(features.subarray(row * from, (row + 1) * from), row * to)
  return wider
}

export function createColumns(knownWidth: number | undefined): Columns {
  let width = knownWidth ?? 0
  let features = new Float32Array(0)
  let labels = new Float32Array(0)
  let documents = 0
  let named = 0
  const names: string[] = []
  const queries: string[] = []
  const starts: number[] = []
  return {
    get documents() {
      return documents
    },
    addDocument(label) {
      if (documents + 1 > labels.length) labels = grow(labels, documents + 1)
      if ((documents + 1) * width > features.length) features = grow(features, (documents + 1) * width)
      labels[documents] = label
      return documents++
    },
    nameDocument(document, name) {
      names[document] = name ?? ''
      if (name !== undefined) named++
    },
    setFeature(document, feature, value) {
      if (feature > width) {
        features = widen(features, documents, width, feature)
        width = feature
      }
      features[document * width + feature - 1] = value
    },
    startQuery(query) {
      queries.push(query)
      starts.push(documents)
    },
    finish: () => ({
      queries,
      offsets: Uint32Array.from([...starts, documents]),
      labels: labels.slice(0, documents),
      features: features.slice(0, documents * width),
      width,
      ...(documents > 0 && named === documents ? { documents: names } : {}),
    }),
  }
}
