/** What the tools answered, read from the file that keeps it. */

import { dataError } from '../../core/errors.ts'
import { type AgreementAnswers, agreementAnswer } from '../../systems/python/answers.ts'

export type { AgreementAnswers } from '../../systems/python/answers.ts'

/** @throws RankBenchError(data) naming the field that is wrong */
export function parseAnswers(value: unknown, path: string): AgreementAnswers {
  const parsed = agreementAnswer.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw dataError(`${path}: ${issue.path.join('.') || 'the whole'}: ${issue.message}`)
}
