/** The answer of a measuring process: checked before it is believed, because plug-ins run in there too. */

import type { ComputedBy, Observation, VisitOutcome } from '../core/result.ts'

/** What a measuring process sends. Only messages that carry the token of the job are its answer. */
export interface Answer {
  readonly token: string
  readonly outcome: VisitOutcome
}

export const failed = (message: string, hint?: string): VisitOutcome => ({
  status: 'failed',
  error: hint === undefined ? { message } : { message, hint },
})

export const isAnswer = (message: unknown, token: string): message is Answer =>
  typeof message === 'object' && message !== null && (message as Partial<Answer>).token === token

const isNumbers = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.every((each) => typeof each === 'number'))

/** What is wrong with one observation, or undefined. An infinite value is an answer; NaN is none. */
function faultOf(observation: Partial<Observation> | null | undefined): string | undefined {
  if (typeof observation?.metric !== 'string') return 'an observation without a metric'
  if (typeof observation.value !== 'number') return `${typeof observation.value} as the value of ${observation.metric}`
  if (Number.isNaN(observation.value)) return `NaN as the value of ${observation.metric}`
  return isNumbers(observation.samples) ? undefined : `samples of ${observation.metric} that are no list of numbers`
}

/** Observations as an experiment returned them -> the outcome of the visit. */
export function outcomeOf(
  observations: unknown,
  { warnings, computedBy }: { readonly warnings: VisitWarnings; readonly computedBy?: ComputedBy | undefined },
): VisitOutcome {
  if (!Array.isArray(observations)) return failed(`the experiment answered ${typeof observations}; expected a list`)
  if (observations.length === 0) return failed('the experiment answered no observation')
  const fault = observations.map(faultOf).find((each) => each !== undefined)
  if (fault) return failed(`the experiment answered ${fault}`)
  const repeated = observations.find(({ metric }, i) => observations.findIndex((each) => each.metric === metric) < i)
  if (repeated) return failed(`the experiment answered ${repeated.metric} twice`)
  return { status: 'measured', observations, warnings, ...(computedBy && { computedBy }) }
}

type VisitWarnings = Extract<VisitOutcome, { status: 'measured' }>['warnings']
