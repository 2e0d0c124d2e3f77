/** Regression data: rows of features, each with a number, a share of which may be outliers. */

import type { DataFinding, KindOfData } from '../../core/dataset.ts'
import { formatRef } from '../../core/selector.ts'
import { finiteProblems, same } from '../laws.ts'
import { digestOfFiles, readFiles } from '../published/read.ts'
import { catalogue, type RegressionEntry } from './catalogue.ts'
import { outlierParams, withOutliers } from './outliers.ts'
import { parseArff, parseLibsvm } from './parse.ts'
import { syntheticRegression } from './synthetic.ts'
import type { RegressionDataset } from './types.ts'

function ofFile(entry: RegressionEntry): RegressionDataset {
  const { name, title, licence, citation, note, files } = entry
  const parse = files[0].name.endsWith('.arff') ? parseArff : parseLibsvm
  return {
    kind: 'regression',
    name,
    title,
    licence,
    citation,
    params: outlierParams,
    async digest(params, context) {
      const read = await digestOfFiles(entry, context)
      return Number(params.outliers) === 0 ? read : `${read}/1/${formatRef({ name: 'outliers', params })}`
    },
    async load(params, context) {
      const [bytes] = await readFiles(entry, context)
      const table = parse(bytes.toString('utf8'), files[0].name)
      return { ...table, observed: withOutliers(table.targets, params, name) }
    },
    ...(note !== undefined && { notes: async () => [`${name}: ${note}`] }),
  }
}

const laws: KindOfData<RegressionDataset>['laws'] = async (dataset, params, context): Promise<DataFinding[]> => {
  const digests = [await dataset.digest(params, context), await dataset.digest(params, context)]
  const [first, again] = [await dataset.load(params, context), await dataset.load(params, context)]
  const { features, width, targets, observed } = first
  const spoilt = observed.reduce((count, value, i) => count + (value === targets[i] ? 0 : 1), 0)
  const wanted = Math.round(Number(params.outliers) * targets.length)
  return [
    { law: 'digest', problems: digests[0] === digests[1] ? [] : ['two digests of the same data differ'] },
    {
      law: 'rows',
      problems: [
        ...(features.length === width * targets.length ? [] : [`${features.length} feature values`]),
        ...finiteProblems(features, 'features'),
        ...finiteProblems(targets, 'targets'),
      ],
    },
    {
      law: 'outliers',
      problems: spoilt === wanted ? [] : [`${spoilt} of ${targets.length} numbers are outliers; expected ${wanted}`],
    },
    {
      law: 'repeatable',
      problems:
        same(features, again.features) && same(observed, again.observed)
          ? []
          : ['it loads differently the second time'],
    },
  ]
}

export const regression: KindOfData<RegressionDataset> = {
  kind: 'regression',
  holds: 'rows with a number to predict',
  alwaysHere: [syntheticRegression.name],
  datasets: [syntheticRegression, ...catalogue.map(ofFile)],
  laws,
}
