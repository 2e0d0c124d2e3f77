/** Ranking data as one Arrow IPC file: a fixed-size list of features, labels, query starts, names. */

import {
  Binary,
  Field,
  FixedSizeList,
  Float32,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Vector,
  vectorFromArray,
} from 'apache-arrow'
import type { RankingData } from '../../core/dataset.ts'
import { bytesOf, nameOf } from '../../core/names.ts'

const queriesKey = 'queries'
const offsetsKey = 'offsets'
const notesKey = 'notes'

function featureVector({ features, width, labels }: RankingData): Vector {
  const values = makeData({ type: new Float32(), length: features.length, data: features })
  const type = new FixedSizeList(width, new Field('value', new Float32(), false))
  return new Vector([makeData({ type, length: labels.length, nullCount: 0, child: values })])
}

/** Arrow IPC file bytes with free-form facts beside the columns. */
export function encodeRankingData(data: RankingData, facts: Readonly<Record<string, string>>): Uint8Array {
  const columns: Record<string, Vector> = { label: makeVector(data.labels), features: featureVector(data) }
  if (data.documents) columns.document = vectorFromArray(data.documents.map(bytesOf), new Binary())
  const plain = new Table(columns)
  const metadata = new Map([
    ...Object.entries(facts),
    [queriesKey, JSON.stringify(data.queries)] as const,
    [offsetsKey, JSON.stringify(Array.from(data.offsets))] as const,
    [notesKey, JSON.stringify(data.notes ?? [])] as const,
  ])
  const schema = new Schema(plain.schema.fields, metadata)
  const children = plain.batches[0].data.children
  const batch = new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: data.labels.length, nullCount: 0, children }),
  )
  return tableToIPC(new Table(schema, [batch]), 'file')
}

interface DecodedRankingData {
  readonly data: RankingData
  readonly facts: ReadonlyMap<string, string>
}

/** A column of floats without the padding that Arrow adds to fill 8 bytes. */
function floats(column: Vector | null, length: number): Float32Array {
  const values: unknown = column?.data[0]?.values
  if (!(values instanceof Float32Array) || values.length < length) throw new Error('a column is missing or too short')
  return values.subarray(0, length)
}

/** Features and labels are views of `bytes`: nothing is copied. @throws when the bytes are not such a file */
export function decodeRankingData(bytes: Uint8Array): DecodedRankingData {
  const table = tableFromIPC(bytes)
  const { metadata } = table.schema
  const rows = table.numRows
  const offsets = Uint32Array.from(JSON.parse(metadata.get(offsetsKey)!))
  if (table.batches.length !== 1 || offsets[offsets.length - 1] !== rows) throw new Error('rows do not fit queries')
  const features = table.getChild('features')!
  const width = (features.type as FixedSizeList).listSize
  const names = table.getChild('document')
  const notes: string[] = JSON.parse(metadata.get(notesKey) ?? '[]')
  return {
    facts: metadata,
    data: {
      queries: JSON.parse(metadata.get(queriesKey)!),
      offsets,
      labels: floats(table.getChild('label'), rows),
      features: floats(features.getChildAt(0), rows * width),
      width,
      ...(notes.length > 0 ? { notes } : {}),
      ...(names ? { documents: Array.from(names as Iterable<Uint8Array>, (name) => nameOf(name)) } : {}),
    },
  }
}
