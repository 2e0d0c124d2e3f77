/** What every training answers with besides its test: how it went, look after look, and which weights were kept. */

import type { Measure, Measures } from '../../core/measure.ts'
import type { Observation } from '../../core/result.ts'
import type { Training } from '../../train/loop.ts'
import { fact } from '../facts.ts'
import { chosen } from '../ranking-measures.ts'

/** The looks at the validation part. */
export const validationCurve = 'curve:validation'

/** The good side of what is looked at. */
type Better = 'higher' | 'lower'

/** @param meaning of one look */
export const trainingMeasures = (meaning: string, better: Better = 'higher'): Measures => ({
  [validationCurve]: { unit: '1', better, value: better === 'higher' ? 'largest' : 'none', meaning },
  'curve:loss': { unit: '1', better: 'neither', value: 'last', meaning: 'mean loss between two looks' },
  steps: chosen('steps that were taken'),
  'best-step': chosen('the step whose weights were kept'),
  diverged: chosen('1 where loss or gradient left the finite numbers'),
})

/** @param better `lower` where what is looked at was judged by its negative: a training looks for the largest */
export function trainingObservations(
  { best, judgements, losses, step, end }: Training,
  better: Better = 'higher',
): Observation[] {
  const sign = better === 'higher' ? 1 : -1
  const samples = judgements.map((value) => sign * value)
  return [
    { metric: validationCurve, unit: '1', better, value: sign * best.value, samples },
    // A training that diverges at once has no loss between two looks.
    ...(losses.length > 0 ? [{ ...fact('curve:loss', losses[losses.length - 1]), samples: losses }] : []),
    fact('steps', step),
    fact('best-step', best.step),
    fact('diverged', end?.kind === 'diverged' ? 1 : 0),
  ]
}

/** @param meaning of one sample */
export const share = (meaning: string): Measure => ({ unit: '1', better: 'higher', value: 'mean', meaning })
