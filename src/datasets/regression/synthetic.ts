/** A generated regression: a linear function with noise, so that everything runs offline. */

import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { formatRef } from '../../core/selector.ts'
import { outlierParams, withOutliers } from './outliers.ts'
import type { RegressionData, RegressionDataset } from './types.ts'

const params = {
  rows: { kind: 'number', integer: true, min: 20, max: 1_000_000, default: 300, meaning: 'rows' },
  features: { kind: 'number', integer: true, min: 1, max: 10_000, default: 8, meaning: 'features of a row' },
  noise: { kind: 'number', min: 0, default: 0.5, meaning: 'standard deviation of what the features do not tell' },
  ...outlierParams,
} as const

const name = 'synthetic-regression'

function generate(given: Params): RegressionData {
  const [rows, width] = [given.rows, given.features].map(Number)
  const random = randomStream(Number(given.seed), `${name}/${rows}/${width}`)
  const weights = Float64Array.from({ length: width }, () => random.normal() / Math.sqrt(width))
  const features = Float64Array.from({ length: rows * width }, () => random.normal())
  const targets = Float64Array.from({ length: rows }, (_, i) => {
    let target = Number(given.noise) * random.normal()
    for (let j = 0; j < width; j++) target += weights[j] * features[i * width + j]
    return target
  })
  return { features, width, targets, observed: withOutliers(targets, given, name) }
}

export const syntheticRegression: RegressionDataset = {
  kind: 'regression',
  name,
  title: 'a generated linear regression',
  licence: 'none needed: generated',
  citation: '',
  params,
  digest: async (given) => `generated/1/${formatRef({ name, params: given })}`,
  load: async (given) => generate(given),
}
