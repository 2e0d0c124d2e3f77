/** How long it takes to read a fold: our readers on text that was written for it, and those of Python libraries on the same. */

import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { RankingData } from '../core/dataset.ts'
import { decodeRankingData, encodeRankingData } from '../datasets/letor/arrow.ts'
import { readSvmlight } from '../datasets/letor/svmlight.ts'
import { withTemporaryFolder } from '../files/temporary.ts'
import { median } from '../stats/quantile.ts'
import { peerLoaders } from '../systems/python/loader-peers.ts'
import { type Step, type Tell, told } from './step.ts'
import { writeText } from './write-text.ts'

export interface ReadingOptions {
  /** Most bytes of text that is written, to be read again. */
  readonly textBytes: number
  /** A Python whose loaders are timed on the same file. */
  readonly peers: string | undefined
  readonly tell: Tell
}

const rounds = 3

/** Reading the same text, ours and theirs. */
export async function readingSteps(data: RankingData, options: ReadingOptions): Promise<Step[]> {
  const { tell } = options
  return withTemporaryFolder(async (folder) => {
    const [file, plain] = ['named.txt', 'plain.txt'].map((name) => join(folder, name))
    const rows = await writeText(data, file, options.textBytes, true)
    const bytes = statSync(file).size
    const parses = []
    for (let round = 0; round < rounds; round++) parses.push(await told(tell, 'reading text', () => readSvmlight(file)))
    const parsed = parses[0].result
    const labels = await told(tell, 'reading labels only', () => readSvmlight(file, { labelsOnly: true }))
    const encoded = encodeRankingData(parsed, {})
    const decoded = await told(tell, 'reading the columnar cache', () => decodeRankingData(encoded))
    const note = `median of ${rounds}`
    const ours: Step[] = [
      { step: 'read text', seconds: median(parses.map((each) => each.seconds)), rows, bytes, note },
      { step: 'read text, labels only', seconds: labels.seconds, rows, bytes, note: 'as evaluate does' },
      { step: 'open columnar cache', seconds: decoded.seconds, rows, bytes: encoded.length, note: 'views, no copy' },
    ]
    if (options.peers === undefined) return ours
    await writeText(data, plain, options.textBytes, false)
    tell('reading text in Python')
    const theirs = (await peerLoaders(options.peers, file, plain, rounds)).flatMap((found): Step[] =>
      'missing' in found
        ? []
        : [
            {
              step: `read text, ${found.library} ${found.version}`,
              seconds: median(found.seconds),
              rows,
              bytes,
              note: found.call,
            },
          ],
    )
    return [...ours, ...theirs]
  })
}
