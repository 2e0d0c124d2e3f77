/** Ranking data as LETOR text, as much of it as is wanted, so that readers can be timed on it. */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { RankingData } from '../core/dataset.ts'

/** One document as a LETOR line, five decimals as the published files. */
function line({ labels, features, width }: RankingData, query: string, i: number, named: boolean): string {
  let written = `${labels[i]}${named ? ` qid:${query}` : ''}`
  for (let j = 0; j < width; j++) written += ` ${j + 1}:${features[i * width + j].toFixed(5)}`
  return `${written}\n`
}

/** Whole lists, until the text has `bytes`. @returns documents written */
export async function writeText(data: RankingData, path: string, bytes: number, named: boolean): Promise<number> {
  const file = createWriteStream(path)
  let [written, documents] = [0, 0]
  for (let q = 0; q < data.queries.length && written < bytes; q++) {
    let block = ''
    for (let i = data.offsets[q]; i < data.offsets[q + 1]; i++) block += line(data, data.queries[q], i, named)
    written += block.length
    documents = data.offsets[q + 1]
    if (!file.write(block)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return documents
}
