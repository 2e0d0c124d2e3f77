/** What a check came to, in five lines. */

import type { ConclusionLine } from '../report/conclusion.ts'
import { brokenLaws } from './certificate.ts'
import type { LawVerdict } from './law.ts'
import { derivative, surrogate } from './laws/derivatives.ts'
import { growthProblems, type OperatorCertificates, type PartCertificate } from './tables.ts'

const mostNamed = 6

const named = (names: readonly string[]): string =>
  names.length > mostNamed
    ? `${names.slice(0, mostNamed).join('; ')}; and ${names.length - mostNamed} more`
    : names.join('; ')

const verdictsOf = ({ certificates }: OperatorCertificates): LawVerdict[] =>
  certificates.flatMap(({ verdicts }) => verdicts)

const problemsOf = (each: OperatorCertificates): string[] => [
  ...new Set(each.certificates.flatMap(brokenLaws).map(({ law }) => `${each.name}: ${law}`)),
  ...growthProblems(each),
]

function holding(all: readonly OperatorCertificates[], parts: readonly PartCertificate[]): string {
  const whole = all.filter((each) => problemsOf(each).length === 0).length
  const laws = [...all.flatMap(verdictsOf), ...parts.flatMap(({ verdicts }) => verdicts)].filter(
    ({ status }) => status === 'holds',
  )
  const rest = parts.length > 0 ? `, ${parts.length} data sets and experiments` : ''
  return `${whole} of ${all.length} operators keep all that they promise${rest}; ${laws.length} laws hold`
}

function broken(all: readonly OperatorCertificates[], parts: readonly PartCertificate[]): string {
  const ofParts = parts.flatMap(({ name, verdicts }) =>
    verdicts.flatMap(({ status, law }) => (status === 'broken' ? [`${name}: ${law}`] : [])),
  )
  return named([...all.flatMap(problemsOf), ...ofParts]) || 'nothing'
}

/** The largest error that was allowed, and how many rows had no derivative to compare with. */
function gradients(all: readonly OperatorCertificates[]): string {
  const judged = all.flatMap((each) =>
    verdictsOf(each).flatMap((verdict) =>
      verdict.law === derivative.name && verdict.status === 'holds' ? [{ ...verdict, name: each.name }] : [],
    ),
  )
  if (judged.length === 0) return 'none was held against finite differences'
  const worst = judged.reduce((most, next) => (next.worst > most.worst ? next : most))
  const kinks = new Set(judged.filter((verdict) => verdict.kinks > 0).map(({ name }) => name)).size
  const by = new Set(judged.map(({ name }) => name)).size
  return `${by} operator${by === 1 ? '' : 's'} held against finite differences, furthest off ${worst.name} (${worst.worst.toPrecision(2)} of what is allowed); ${kinks} met kinks`
}

/** What was looked at and could not be judged, or is not promised at all. */
function unjudged(all: readonly OperatorCertificates[], parts: readonly PartCertificate[]): string {
  const open = [...all.map((each) => ({ name: each.name, verdicts: verdictsOf(each) })), ...parts].flatMap(
    ({ name, verdicts }) => (verdicts.some(({ status }) => status === 'inconclusive') ? [name] : []),
  )
  const surrogates = all.filter((each) =>
    verdictsOf(each).some((verdict) => verdict.status === 'not promised' && verdict.reason === surrogate),
  )
  const told = [
    ...(open.length > 0 ? [`inconclusive: ${named(open)} -> more rows: --rows`] : []),
    ...(surrogates.length > 0
      ? [`${surrogates.length} have a surrogate gradient by design, which has no derivative to be held against`]
      : []),
  ]
  return told.join('. ') || 'nothing'
}

/**
 * Always these five, as after a run.
 * @param command that was typed
 * @param whole whether it writes all that there is; else what it was run for is told with what would
 */
export const concludeCheck = (
  all: readonly OperatorCertificates[],
  parts: readonly PartCertificate[],
  command: string,
  whole: boolean,
): ConclusionLine[] => [
  { topic: 'holds', text: holding(all, parts) },
  { topic: 'broken', text: broken(all, parts) },
  { topic: 'gradients', text: gradients(all) },
  { topic: 'not judged', text: unjudged(all, parts) },
  {
    topic: 'files',
    text: `every law at every point: ${command}${whole ? '' : ' --format markdown -o certificates.md'}`,
  },
]
