/** Ranking data as one Arrow IPC file: a fixed-size list of features, labels, query starts, names. */

import {
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
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow'
import type { RankingData } from '../../core/dataset.ts'

const queriesKey = 'queries'
const offsetsKey = 'offsets'

function featureVector({ features, width, labels }: RankingData): Vector {
  const values = makeData({ type: new Float32(), length: features.length, data: features })
  const type = new FixedSizeList(width, new Field('value', new Float32(), false))
  return new Vector([makeData({ type, length: labels.length, nullCount: 0, child: values })])
}

/** Arrow IPC file bytes with free-form facts beside the columns. */
export function encodeRankingData(data: RankingData, facts: Readonly<Record<string, string>>): Uint8Array {
  const columns: Record<string, Vector> = { label: makeVector(data.labels), features: featureVector(data) }
  if (data.documents) columns.document = vectorFromArray(data.documents as string[], new Utf8())
  const plain = new Table(columns)
  const metadata = new Map([
    ...Object.entries(facts),
    [queriesKey, JSON.stringify(data.queries)] as const,
    [offsetsKey, JSON.stringify(Array.from(data.offsets))] as const,
  ])
  const schema = new Schema(plain.schema.fields, metadata)
  const children = plain.batches[0].data.children
  const batch = new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: data.labels.length, nullCount: 0, children }),
  )
  return tableToIPC(new Table(schema, [batch]), 'file')
}

export interface DecodedRankingData {
  readonly data: RankingData
  readonly facts: ReadonlyMap<string, string>
}

/** The features are a view of `bytes`: nothing is copied. @throws when the bytes are not such a file */
export function decodeRankingData(bytes: Uint8Array): DecodedRankingData {
  const table = tableFromIPC(bytes)
  const features = table.getChild('features')!
  const type = features.type as FixedSizeList
  const offsets = Uint32Array.from(JSON.parse(table.schema.metadata.get(offsetsKey)!))
  const labels: Float32Array = table.getChild('label')!.data[0].values
  const values: Float32Array = features.data[0].children[0].values
  if (labels.length !== offsets[offsets.length - 1] || values.length !== labels.length * type.listSize) {
    throw new Error('the columns do not fit together')
  }
  const names = table.getChild('document')
  return {
    facts: table.schema.metadata,
    data: {
      queries: JSON.parse(table.schema.metadata.get(queriesKey)!),
      offsets,
      labels,
      features: values,
      width: type.listSize,
      ...(names ? { documents: Array.from(names) as string[] } : {}),
    },
  }
}
