/** Sizes of lists beside a file that does not name its queries: `rank.train.query` of LightGBM, `mq2008.train.group` of XGBoost. */

import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { dataError } from '../../core/errors.ts'
import { nameOf } from '../../core/names.ts'
import { shown } from '../../core/printable.ts'
import { eachLineIn } from '../../files/lines.ts'
import { fileLabel } from '../../files/read-bytes.ts'

const packing = /\.(gz|bz2|xz|zst)$/i
const textEnding = /\.(txt|dat|svm|libsvm|svmlight)$/i
const endings = ['.query', '.group']
const packings = ['', '.gz', '.bz2', '.xz', '.zst']

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/** The file of sizes that stands beside `path`, if there is one. */
export function groupFileOf(path: string): string | undefined {
  if (!isFile(path)) return undefined
  const plain = basename(path).replace(packing, '')
  const names = [...new Set([plain, plain.replace(textEnding, '')])]
  return names
    .flatMap((name) => endings.flatMap((ending) => packings.map((each) => `${name}${ending}${each}`)))
    .map((name) => join(dirname(path), name))
    .find(isFile)
}

/** One size a line: documents of each list in order. @throws RankBenchError(data) naming file and line */
export async function readGroupSizes(path: string): Promise<number[]> {
  const sizes: number[] = []
  await eachLineIn(path, (bytes, start, end, line) => {
    const word = nameOf(bytes, start, end).trim()
    if (word === '') return
    if (!/^\d{1,8}$/.test(word) || Number(word) === 0) {
      throw dataError(
        `${fileLabel(path)}, line ${line}: ${shown(word)}; expected the number of documents of a list, 1 or more`,
      )
    }
    sizes.push(Number(word))
  })
  if (sizes.length === 0) throw dataError(`${fileLabel(path)}: no sizes; expected one number of documents a line`)
  return sizes
}

/** Changes with the sizes, as the data does. */
export const groupDigest = (sizes: readonly number[]): string =>
  createHash('sha256').update(sizes.join('\n')).digest('hex')
