/**
 * One line of a journal: a visit as JSON, closed by a checksum, so that a line cut short or damaged on the disk is seen as
 * such. JSON has no word for numbers that are not finite: they are spelled out as text, and read back as numbers.
 */

import { createHash } from 'node:crypto'
import type { Observation, Visit, VisitOutcome } from '../core/result.ts'

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

const spelled = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value

/** A replacer is slow on long samples: it is asked for only where plain JSON would lose a number. */
function toJson(visit: Visit): string {
  const plain = JSON.stringify(visit)
  return plain.includes('null') ? JSON.stringify(visit, spelled) : plain
}

/** What is known of a visit without reading its numbers. */
interface VisitHead {
  readonly key: string
  readonly round: number
  readonly startedAt: string
  readonly measured: boolean
  readonly machine: string | undefined
  /** The line is as `formatLine` writes it, so that it can be copied. */
  readonly exact: boolean
}

const headOf =
  /^\{"key":"([^"\\]*)","round":(\d+),"startedAt":"([^"\\]*)","elapsedMs":[^,]+,"outcome":\{"status":"(\w+)"/
const machineOf = /,"machine":"([^"\\]*)","sum":"[0-9a-f]{8}"\}$/

/** The head of the visit on a line, or undefined when the line is damaged: a line whose checksum is right is what was written. */
export function parseHead(line: string): VisitHead | undefined {
  const [head, machine] = [headOf.exec(line), machineOf.exec(line.slice(-120))]
  if (!head || !machine) {
    const visit = parseLine(line)
    if (!visit) return undefined
    const { key, round, startedAt, outcome } = visit
    return { key, round, startedAt, measured: outcome.status === 'measured', machine: visit.machine, exact: false }
  }
  const at = line.length - sumLength
  if (checksum(`${line.slice(0, at)}}`) !== line.slice(at + 8, at + 16)) return undefined
  const [, key, round, startedAt, status] = head
  return { key, round: Number(round), startedAt, measured: status === 'measured', machine: machine[1], exact: true }
}

/** `,"sum":"01234567"}` */
const sumLength = 18

/** The line, without its end. */
export function formatLine(visit: Visit): string {
  const json = toJson(visit)
  return `${json.slice(0, -1)},"sum":"${checksum(json)}"}`
}

// Earlier journals hold null where a number was not finite.
const numberOf = (value: unknown): number => (value === null ? Number.NaN : Number(value))

function observationOf(stored: Observation): Observation {
  const { value, interval, samples } = stored
  return {
    ...stored,
    value: numberOf(value),
    ...(interval && { interval: { ...interval, low: numberOf(interval.low), high: numberOf(interval.high) } }),
    ...(samples && { samples: samples.map(numberOf) }),
  }
}

const outcomeOf = (outcome: VisitOutcome): VisitOutcome =>
  outcome.status === 'measured' ? { ...outcome, observations: outcome.observations.map(observationOf) } : outcome

const isVisit = (value: unknown): value is Visit =>
  typeof value === 'object' && value !== null && 'key' in value && 'round' in value && 'outcome' in value

const closing = /,"sum":"([0-9a-f]{8})"\}$/

/** The visit on a line, or undefined when the line is damaged. Lines written before checksums are taken as they are. */
export function parseLine(line: string): Visit | undefined {
  const sum = closing.exec(line)
  const json = sum ? `${line.slice(0, sum.index)}}` : line
  if (sum && checksum(json) !== sum[1]) return undefined
  try {
    const visit: unknown = JSON.parse(json)
    return isVisit(visit) ? { ...visit, outcome: outcomeOf(visit.outcome) } : undefined
  } catch {
    return undefined
  }
}
