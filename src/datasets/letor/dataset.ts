/** The catalogued LETOR data sets, checked against their digests. */

import { createHash } from 'node:crypto'
import type { RankingDataset } from '../../core/dataset.ts'
import { dataError } from '../../core/errors.ts'
import { type LoadedFile, loadFile } from './cache.ts'
import { type CatalogueEntry, catalogue, rotation } from './catalogue.ts'
import { requireDataset } from './find.ts'
import { publishedRankings } from './published-scores.ts'
import { foldNamed, foldOf } from './rotation.ts'

/** Each part, with its digest checked. @throws RankBenchError(data) naming the part that is another file */
async function checkedParts(entry: CatalogueEntry, root: string | undefined): Promise<LoadedFile[]> {
  const paths = requireDataset(entry, root).parts
  const files = await Promise.all(paths.map((path) => loadFile(path, { width: entry.width })))
  files.forEach(({ sha256 }, i) => {
    const expected = entry.parts[i].sha256
    if (sha256 !== expected) {
      throw dataError(
        `${paths[i]} is not ${entry.parts[i].name} of ${entry.name}: SHA-256 ${sha256.slice(0, 12)}…, expected ${expected.slice(0, 12)}…`,
        `rank-bench data verify ${entry.name}`,
      )
    }
  })
  return files
}

/** Digest of the digests of several files, in order. */
export const digestOf = (digests: readonly string[]): string =>
  createHash('sha256').update(digests.join()).digest('hex').slice(0, 16)

function catalogued(entry: CatalogueEntry): RankingDataset {
  const { name, title, licence, citation, width, bm25, script } = entry
  return {
    kind: 'ranking',
    name,
    title,
    licence,
    citation,
    params: {},
    facts: { width, bm25, script },
    published: publishedRankings(entry.folder),
    folds: () => rotation.map((fold) => fold.name),
    digest: async (_params, { root }) => digestOf((await checkedParts(entry, root)).map((file) => file.sha256)),
    async load(fold, _params, { root }) {
      const turn = foldNamed(rotation, fold, name)
      const files = await checkedParts(entry, root)
      return foldOf(
        files.map((file) => file.data),
        turn,
      )
    },
  }
}

export const letorDatasets: readonly RankingDataset[] = catalogue.map(catalogued)
