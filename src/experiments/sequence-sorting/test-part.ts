/** A trained network on sequences that nothing was chosen by. */

import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { type Model, outputsOf } from '../../train/model.ts'
import type { Source } from '../training/source.ts'
import { accuracyObservations, accuracyOf } from './accuracy.ts'
import { exampleObservations } from './examples.ts'

/**
 * Accuracy, and the first sequences as they came out; the same sequences for every operator. Of pictures that are somebody's none are
 * kept: a run that is handed on would hold them.
 */
export function testObservations(source: Source, sequences: number, seed: number, model: Model): Observation[] {
  const { width, height, n } = source
  const { values, pictures } = source.draw('test', sequences, randomStream(seed, 'sequence sorting/test'))
  const scores = outputsOf(model, pictures, width * height)
  return [
    ...accuracyObservations(accuracyOf(scores, values, n)),
    ...(source.generated ? exampleObservations({ values, pictures, scores }, source) : []),
  ]
}
