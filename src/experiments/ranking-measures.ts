/** Ranking metrics as measures: any metric under any convention, on the test part. */

import type { Measure, Measures } from '../core/measure.ts'
import { metricNames } from '../metrics/names.ts'

const metric = (name: string): Measure => ({
  unit: '1',
  better: 'higher',
  value: 'mean',
  meaning: `${name} of the test part, mean over the queries that the convention counts`,
})

export const rankingMeasures: Measures = Object.fromEntries(
  metricNames.flatMap((name) => [
    [`${name}:*`, metric(name)],
    [`${name}@*`, metric(name)],
    [name, metric(name)],
  ]),
)

/** A fact about what the validation part chose. */
export const chosen = (meaning: string): Measure => ({ unit: '1', better: 'neither', meaning })

/** What was chosen on the validation part, and its value there. */
export const validationMeasure: Measures = {
  'validation:*': { unit: '1', better: 'higher', meaning: 'the metric of the validation part that made the choice' },
}
