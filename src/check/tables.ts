/** Certificates as tables: a line an operator for the terminal, a column a law for the record. */

import { minimum } from '../core/extremes.ts'
import type { OperatorSpec } from '../core/method.ts'
import { declaredExponent, type MeasuredGrowth } from '../measure/growth.ts'
import { left, type ReportTable, right, text, type Value } from '../report/table.ts'
import { brokenLaws, type Certificate } from './certificate.ts'
import type { Law, LawVerdict } from './law.ts'
import { laws } from './laws/all.ts'
import { derivative, surrogate } from './laws/derivatives.ts'

/** Both precisions of one operator. */
export interface OperatorCertificates {
  readonly name: string
  readonly spec: OperatorSpec
  readonly certificates: readonly Certificate[]
  readonly growth?: MeasuredGrowth
}

/** A data set or an experiment. */
export interface PartCertificate {
  readonly name: string
  readonly kind: 'data set' | 'experiment'
  readonly verdicts: readonly LawVerdict[]
}

const number = (value: number, digits = 2): Value => ({ text: value.toPrecision(digits), data: value })
const count = (value: number): Value => ({ text: value.toLocaleString('en'), data: value })

const verdictsOf = ({ certificates }: OperatorCertificates): LawVerdict[] =>
  certificates.flatMap(({ verdicts }) => verdicts)
const holding = (verdicts: readonly LawVerdict[]) => verdicts.filter((verdict) => verdict.status === 'holds')

/** Kinks on the rows of the derivative law, and how far the worst of the others was off; in words where it did not hold. */
function derivativeOf(each: OperatorCertificates): { readonly error: Value; readonly kinks: Value } {
  const found = each.certificates.flatMap((certificate) => find(certificate, derivative.name) ?? [])
  const judged = found.find(({ status }) => status !== 'not promised')
  switch (judged?.status) {
    case 'holds':
      return { error: number(judged.worst), kinks: count(judged.kinks) }
    case 'broken':
      return { error: text('broken'), kinks: text('') }
    case 'inconclusive':
      return { error: text('kinks only'), kinks: text('') }
    default:
      return { error: text(reasonOf(found)), kinks: text('') }
  }
}

const reasonOf = (found: readonly LawVerdict[]): string =>
  found.some((verdict) => verdict.status === 'not promised' && verdict.reason === surrogate) ? 'surrogate' : 'f64 only'

/** A wrong claim is off by one power or by a logarithm of it; caches and allocation account for less than half. */
const slack = 0.45

/** Memory is counted, not timed: what is left is rounding to whole pages. */
const slackOfMemory = 0.1

/** Time that grows faster than declared by more than noise explains. */
export function growthProblems({ name, spec, growth }: OperatorCertificates): string[] {
  if (!growth) return []
  return (['forward', 'backward', 'memory'] as const).flatMap((what) => {
    const declared = declaredExponent(spec.growth[what], growth.from, growth.to)
    const allowed = declared + (what === 'memory' ? slackOfMemory : slack)
    if (growth[what] <= allowed) return []
    return [`${name}: ${what} grows with exponent ${growth[what].toFixed(2)}; declared ${spec.growth[what]}`]
  })
}

const growthText = ({ spec, growth }: OperatorCertificates): Value =>
  growth
    ? text(
        (['forward', 'backward', 'memory'] as const)
          .map((what) => `${growth[what].toFixed(2)} (${spec.growth[what]})`)
          .join(' / '),
      )
    : text('')

/** The only point by its parameters, or how many there were. */
function pointsText({ certificates }: OperatorCertificates): Value {
  const points = certificates[0]?.points ?? []
  return points.length === 1 ? text(parametersOf(points[0])) : count(points.length)
}

/** What stands in the brackets of a selector. */
const parametersOf = (selector: string): string => {
  const open = selector.indexOf('[')
  return open < 0 ? 'defaults' : selector.slice(open + 1, -1)
}

/** The points of the parameters at which laws ran, one line an operator. */
export function pointTable(all: readonly OperatorCertificates[]): ReportTable {
  return {
    id: 'points',
    title: 'Points of the parameters',
    about: ['every law was judged at these points in turn; written is what differs from the defaults'],
    columns: [left('operator'), right('points'), left('parameters')],
    rows: all.map(({ name, certificates }) => {
      const points = certificates[0]?.points ?? []
      return [text(name), count(points.length), text(points.map(parametersOf).join(' · '))]
    }),
    notes: [],
  }
}

function summaryRow(each: OperatorCertificates, withGrowth: boolean): Value[] {
  const verdicts = verdictsOf(each)
  const bound = verdicts.filter(({ status }) => status !== 'not promised')
  const { error, kinks } = derivativeOf(each)
  const broken = each.certificates.flatMap(brokenLaws)
  const most = new Map(laws.map(({ name, most: enough }) => [name, enough]))
  const onRows = holding(verdicts).filter(({ law }) => most.get(law) === undefined)
  const rows = minimum(onRows.map((verdict) => (verdict.status === 'holds' ? verdict.rows : 0)))
  return [
    text(each.name),
    text(broken.length > 0 ? `broken: ${[...new Set(broken.map(({ law }) => law))].join(', ')}` : 'holds'),
    text(`${holding(bound).length} of ${bound.length}`),
    count(Number.isFinite(rows) ? rows : 0),
    error,
    kinks,
    pointsText(each),
    ...(withGrowth ? [growthText(each)] : []),
  ]
}

/** One line an operator. */
export function summaryTable(all: readonly OperatorCertificates[]): ReportTable {
  const withGrowth = all.some(({ growth }) => growth)
  return {
    id: 'certificates',
    title: 'Certificates',
    about: [
      'laws: in f64 and in f32, those the operator is bound to; rows: on which each was judged at least',
      'points: of the parameters, or the only one; gradient error: largest deviation from finite differences, 1 = all that rounding explains; kinks: rows without a derivative',
    ],
    columns: [
      left('operator'),
      left('verdict'),
      right('laws'),
      right('rows'),
      right('gradient error'),
      right('kinks'),
      right('points'),
      ...(withGrowth ? [left('exponents of n: forward / backward / memory (declared)')] : []),
    ],
    rows: all.map((each) => summaryRow(each, withGrowth)),
    notes: [
      ...all.flatMap(({ certificates }) =>
        certificates.flatMap(brokenLaws).map(({ law, counterexample }) => `${law}: ${counterexample}`),
      ),
      ...all.flatMap(growthProblems),
    ],
  }
}

const symbol = (verdict: LawVerdict | undefined): Value => {
  switch (verdict?.status) {
    case 'holds':
      return { text: '✓', data: 'holds' }
    case 'broken':
      return { text: '✗', data: 'broken' }
    case 'inconclusive':
      return { text: '?', data: 'inconclusive' }
    default:
      return { text: '·', data: 'not promised' }
  }
}

/** Laws in the order in which they were judged. */
const judgedLaws = (all: readonly OperatorCertificates[]): string[] => [
  ...new Set(all.flatMap(verdictsOf).map(({ law }) => law)),
]

/** One column a law, for the record; a precision a table. */
export function lawTable(all: readonly OperatorCertificates[], precision: 'f64' | 'f32'): ReportTable {
  const columns = judgedLaws(all)
  const rows = all.flatMap(({ name, certificates }) => {
    const certificate = certificates.find((each) => each.precision === precision)
    return certificate ? [[text(name), ...columns.map((law) => symbol(find(certificate, law)))]] : []
  })
  return {
    id: `laws/${precision}`,
    title: `Law by law, ${precision}`,
    about: ['✓ holds on every row · ✗ broken · ? nothing could be judged · dot: not promised'],
    columns: [left('operator'), ...columns.map((law) => left(law))],
    rows,
    notes: [],
  }
}

const find = ({ verdicts }: Certificate, law: string): LawVerdict | undefined =>
  verdicts.find((verdict) => verdict.law === law)

export const statementTable = (held: readonly Law[]): ReportTable => ({
  id: 'statements',
  title: 'The laws',
  about: [],
  columns: [left('law'), left('what it says'), left('rows')],
  rows: held.map(({ name, statement, rows }) => [text(name), text(statement), text([...new Set(rows)].join(', '))]),
  notes: [],
})

/** Where a method says it is not monotone, the row that shows it. */
export function counterexampleTable(all: readonly OperatorCertificates[]): ReportTable | undefined {
  const rows = all.flatMap(({ name, certificates }) =>
    certificates.flatMap(({ falls }) => (falls ? [[text(name), text(falls)]] : [])),
  )
  if (rows.length === 0) return undefined
  return {
    id: 'counterexamples',
    title: 'Not monotone, and shown',
    about: ['a row on which an output moves against the value it belongs to'],
    columns: [left('operator'), left('counterexample')],
    rows,
    notes: [],
  }
}

export function partTable(parts: readonly PartCertificate[]): ReportTable {
  const bad = (verdicts: readonly LawVerdict[]) => verdicts.filter(({ status }) => status === 'broken')
  return {
    id: 'parts',
    title: 'Data sets and experiments',
    about: [],
    columns: [left('name'), left('kind'), left('verdict'), left('laws')],
    rows: parts.map(({ name, kind, verdicts }) => [
      text(name),
      text(kind),
      text(
        bad(verdicts).length > 0
          ? `broken: ${bad(verdicts).map(({ law }) => law)}`
          : verdicts.some(({ status }) => status === 'inconclusive')
            ? 'inconclusive'
            : 'holds',
      ),
      text(
        verdicts
          .filter(({ status }) => status === 'holds')
          .map(({ law }) => law)
          .join(', '),
      ),
    ]),
    notes: parts.flatMap(({ name, verdicts }) =>
      verdicts.flatMap((verdict) =>
        verdict.status === 'broken'
          ? [`${name}: ${verdict.law}: ${verdict.counterexample}`]
          : verdict.status === 'inconclusive'
            ? [`${name}: ${verdict.reason}`]
            : [],
      ),
    ),
  }
}
