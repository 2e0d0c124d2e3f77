/** One step of the work on a fold, with what it took. */

import { type Taken, timed } from '../measure/clock.ts'
import { significant } from '../report/numbers.ts'
import { text, type Value } from '../report/table.ts'

/** Told what is being done while it takes its time. */
export type Tell = (what: string) => void

/** A step that says what it does before it does it. */
export function told<T>(tell: Tell, what: string, work: () => T | Promise<T>): Promise<Taken<T>> {
  tell(what)
  return timed(work)
}

export interface Step {
  readonly step: string
  /** Undefined where it is too short to be measured. */
  readonly seconds: number | undefined
  readonly rows: number
  readonly bytes?: number
  readonly note: string
}

const unknown: Value = { text: '–', data: null }

/** Seconds, and what they come to a row and a megabyte. */
export function rowOf({ step, seconds, rows, bytes, note }: Step): Value[] {
  const per = (amount: number | undefined) => (amount === undefined || !seconds ? undefined : amount / seconds)
  const [rowRate, rate] = [per(rows), per(bytes === undefined ? undefined : bytes / 1e6)]
  return [
    text(step),
    seconds === undefined ? { text: 'too short', data: null } : { text: significant(seconds), data: seconds },
    { text: Math.round(rows).toLocaleString('en'), data: rows },
    rowRate === undefined ? unknown : { text: Math.round(rowRate).toLocaleString('en'), data: rowRate },
    rate === undefined ? unknown : { text: significant(rate), data: rate },
    text(note),
  ]
}
