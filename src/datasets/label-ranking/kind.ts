/** Label rankings: rows of features, each with an order of the same labels. */

import type { DataFinding, KindOfData } from '../../core/dataset.ts'
import { finiteProblems, same } from '../laws.ts'
import type { FilesEntry } from '../published/entry.ts'
import { digestOfFiles, readFiles } from '../published/read.ts'
import { allSets, setNames, singleSets } from './catalogue.ts'
import { parseLabelRankings } from './parse.ts'
import { syntheticLabelRanking } from './synthetic.ts'
import type { LabelRankingDataset, LabelRankings } from './types.ts'

/** @param entry whose files are the sets, in the order of their names */
function ofFiles(entry: FilesEntry, names: readonly string[]): LabelRankingDataset {
  const { name, title, licence, citation } = entry
  return {
    kind: 'label-ranking',
    name,
    title,
    licence,
    citation,
    params: {},
    folds: () => names,
    digest: (_params, context) => digestOfFiles(entry, context),
    async load(set, _params, context) {
      const at = names.indexOf(set)
      const [bytes] = await readFiles({ ...entry, files: [entry.files[at]] }, context)
      return parseLabelRankings(bytes.toString('utf8'), entry.files[at].name)
    },
  }
}

function rankingProblems({ features, width, ranks, labels }: LabelRankings): string[] {
  const rows = ranks.length / labels
  const sum = (labels * (labels + 1)) / 2
  const odd = Array.from({ length: rows }, (_, i) => i).find((i) => {
    const row = ranks.subarray(i * labels, (i + 1) * labels)
    return new Set(row).size !== labels || row.reduce((total, rank) => total + rank, 0) !== sum
  })
  return [
    ...(features.length === rows * width ? [] : [`${features.length} feature values; expected ${rows * width}`]),
    ...finiteProblems(features, 'features'),
    ...(odd === undefined ? [] : [`the ranks of row ${odd} are not 1 to ${labels}, each once`]),
  ]
}

const laws: KindOfData<LabelRankingDataset>['laws'] = async (dataset, params, context): Promise<DataFinding[]> => {
  const sets = dataset.folds(params)
  const digests = [await dataset.digest(params, context), await dataset.digest(params, context)]
  const [first, again] = [await dataset.load(sets[0], params, context), await dataset.load(sets[0], params, context)]
  const found = await Promise.all(
    sets.map(async (set) => {
      const problems = rankingProblems(await dataset.load(set, params, context))
      return problems.map((problem) => `${set}: ${problem}`)
    }),
  )
  const repeated = same(first.ranks, again.ranks) && same(first.features, again.features)
  return [
    { law: 'sets', problems: new Set(sets).size === sets.length ? [] : [`sets ${sets.join(', ')} are not different`] },
    { law: 'digest', problems: digests[0] === digests[1] ? [] : ['two digests of the same data differ'] },
    { law: 'rankings', problems: found.flat() },
    { law: 'repeatable', problems: repeated ? [] : [`${sets[0]} loads differently the second time`] },
  ]
}

/** Catalogued data sets, for those who put files into place. */
export const labelRankingFiles: readonly FilesEntry[] = [allSets, ...singleSets]

export const labelRanking: KindOfData<LabelRankingDataset> = {
  kind: 'label-ranking',
  holds: 'label rankings',
  alwaysHere: [syntheticLabelRanking.name],
  datasets: [
    syntheticLabelRanking,
    ofFiles(allSets, setNames),
    ...singleSets.map((entry, i) => ofFiles(entry, [setNames[i]])),
  ],
  laws,
}
