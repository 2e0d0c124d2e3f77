/** How published numbers came out: families first, then their numbers, what each could have detected, and certificates. */

import type { Family, JudgedNumber, Judgement, Specificity, Verdict } from '../core/claim.ts'
import { formatDifference, formatMetric, formatPlain } from './numbers.ts'
import { blank, dash, left, type ReportTable, right, text, type Value } from './table.ts'

/** A paper whose families were judged. */
export interface PaperVerdicts {
  readonly key: string
  readonly title: string
  readonly citation: string
  readonly margin: { readonly share: number; readonly because: string }
  readonly families: readonly Family[]
}

const plain = (value: number | undefined): Value =>
  value === undefined ? dash : { text: String(Number(value.toPrecision(3))), data: value }

function difference({ difference: value, interval }: Judgement): Value {
  if (value === undefined) return dash
  const bounds = interval ? ` [${formatDifference(interval.low)}, ${formatDifference(interval.high)}]` : ''
  return { text: `${formatDifference(value)}${bounds}`, data: value }
}

/** `26 of 47: bm25, ...` */
function also(specificity: Specificity | undefined, named: boolean): Value {
  if (!specificity) return dash
  const { same, others, named: names } = specificity
  const list = named && same > 0 ? `: ${names.join('; ')}${same > names.length ? '; ...' : ''}` : ''
  return { text: `${same} of ${others}${list}`, data: same }
}

const identified = ({ identification }: Family): Value =>
  identification
    ? {
        text: `${identification.rank} of ${identification.of}, nearest ${identification.nearest}`,
        data: identification.rank,
      }
    : dash

const certified = ({ certificate }: Family): Value =>
  certificate ? { text: `${certificate.holds} of ${certificate.of}`, data: certificate.holds } : dash

const isShown = (family: Family): boolean =>
  family.ours !== undefined || (family.certificate !== undefined && family.certificate.of > 0)

/** The verdict of a family: that of its primary number; for numbers that must be exact, that of all. */
export function familyVerdict({ primary, numbers }: Family): Verdict {
  if (primary?.judgement.evidence !== 'exact') return primary?.judgement.verdict ?? 'not run'
  return numbers.find(({ judgement }) => judgement.verdict !== 'holds')?.judgement.verdict ?? 'holds'
}

/** Counts of a data set are of no method. */
const labelOf = ({ method, called = method, dataset }: Pick<Family, 'method' | 'called' | 'dataset'>): string =>
  called === '' ? dataset : `${called} on ${dataset}`

function familyRow(family: Family): Value[] {
  const { paper, ours, primary } = family
  const judgement: Judgement = primary?.judgement ?? { verdict: 'not run' }
  const isExact = judgement.evidence === 'exact'
  return [
    text(paper),
    text(labelOf(family)),
    text(ours ?? '–'),
    text(familyVerdict(family)),
    text(judgement.evidence ?? '–'),
    text(isExact ? `${family.numbers.length} numbers` : (primary?.ref.metric ?? '–')),
    isExact ? dash : difference(judgement),
    plain(judgement.margin),
    plain(judgement.detectable),
    also(primary?.specificity, true),
    identified(family),
    certified(family),
  ]
}

/** What is said of one family below the table: why it is not counted, where its set-up differs, what its evidence lacks. */
function familyNotes(family: Family): string[] {
  const { invalid, differences, primary, certificate } = family
  const label = labelOf(family)
  return [
    ...(invalid ? [`${label} is not counted: ${invalid}`] : []),
    ...differences.map((each) => `${label}: ${each}`),
    ...(certificate && certificate.setAside > 0
      ? [`${label}: ${certificate.setAside} printed numbers are set aside: their score files are of a later run`]
      : []),
    ...(certificate && certificate.failing.length > 0
      ? [`${label}: published scores do not give ${certificate.failing.slice(0, 4).join(', ')}`]
      : []),
    ...(!invalid && primary?.judgement.why ? [`${label}: ${primary.judgement.why}`] : []),
  ]
}

/** The same sentence about several families once, with their names. */
function grouped(notes: readonly string[]): string[] {
  const bySentence = new Map<string, string[]>()
  for (const note of notes) {
    const at = note.indexOf(': ')
    const sentence = note.slice(at + 2)
    bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), note.slice(0, at)])
  }
  return [...bySentence].map(([sentence, labels]) => `${labels.join('; ')}: ${sentence}`)
}

const legend = [
  'one line a family, the numbers of a paper, method and data set; its primary metric, declared before anything ran, carries the verdict at 5 %',
  'evidence: exact, to the printed digits; query and fold, ours and theirs paired; mean, nothing pairs, so that a mean is at most close',
  'reproduced: the 90 % interval of the difference lies within the margin (two one-sided tests), which no ranker without a loss manages; exceeds, differs: a two-sided test says so; inconclusive: neither',
  'detectable: the true difference that would have been found with probability .8; also: other rankers of the run with the same verdict under the same rule',
  'identified: the rank of ours by distance to the published ranker query by query; exact: printed fold numbers that come out of the published scores through our metrics',
]

const word = (verdict: Verdict): string => (verdict === 'not valid' ? 'not valid (not counted)' : verdict)

/** `3 reproduced, 1 exceeds`, in the order of the words above. */
export function countsOf(verdicts: readonly Verdict[]): string {
  const counts = order.map((verdict) => ({ verdict, count: verdicts.filter((each) => each === verdict).length }))
  return counts.flatMap(({ verdict, count }) => (count > 0 ? [`${count} ${word(verdict)}`] : [])).join(', ')
}

const order: readonly Verdict[] = [
  'holds',
  'reproduced',
  'exceeds',
  'differs',
  'inconclusive',
  'close',
  'higher',
  'lower',
  'not run',
  'not valid',
  'recalled',
  'read off a plot',
  'reference',
]

/** All families of all papers that were judged here. */
export function familiesTable(papers: readonly PaperVerdicts[]): ReportTable[] {
  const families = papers.flatMap((paper) => paper.families.filter(isShown))
  if (families.length === 0) return []
  const margins = [
    ...new Set(papers.map(({ margin }) => `margin: ${margin.because}; never below half of the last printed digit`)),
  ]
  return [
    {
      id: 'summary/families',
      title: `Published results: ${countsOf(families.filter(({ ours }) => ours !== undefined).map(familyVerdict))}`,
      about: [...legend, ...margins],
      columns: [
        ...['paper', 'published for', 'ours', 'verdict', 'evidence', 'by'].map(left),
        ...['difference [90 %]', 'margin', 'detectable'].map(right),
        ...['also', 'identified', 'exact'].map(left),
      ],
      rows: families.map(familyRow),
      notes: grouped(families.flatMap(familyNotes)),
    },
  ]
}

/** How many numbers of each family have which verdict: correlated with each other, so families count first. */
export function countsTable(papers: readonly PaperVerdicts[]): ReportTable[] {
  const families = papers.flatMap((paper) => paper.families.filter(({ ours }) => ours !== undefined))
  if (families.length === 0) return []
  const has = (family: Family, verdict: Verdict) =>
    family.numbers.filter(({ judgement }) => judgement.verdict === verdict).length
  const shown = order.filter((verdict) => families.some((family) => has(family, verdict) > 0))
  return [
    {
      id: 'summary/numbers',
      title: 'Published numbers: how many came out',
      about: [
        'numbers of one family are correlated: twenty of them are hardly more than one check. Means are corrected together, numbers of single folds together (Holm); the primary number of a family is tested by itself',
      ],
      columns: [left('paper'), left('published for'), left('ours'), ...shown.map(right)],
      rows: families.map((family) => [
        text(family.paper),
        text(labelOf(family)),
        text(family.ours ?? '–'),
        ...shown.map((verdict): Value => {
          const count = has(family, verdict)
          return count === 0 ? blank : { text: String(count), data: count }
        }),
      ]),
      notes: [],
    },
  ]
}

const percent = (part: number, whole: number): string => `${((100 * part) / Math.abs(whole)).toFixed(1)} %`

/** What each family could have detected, whatever came out. */
export function powerTable(papers: readonly PaperVerdicts[]): ReportTable[] {
  const families = papers.flatMap((paper) =>
    paper.families.filter(({ primary }) => primary?.judgement.interval !== undefined),
  )
  if (families.length === 0) return []
  return [
    {
      id: 'power',
      title: 'What each family could have detected',
      about: [
        'half-width: of the 90 % interval, and as a share of the published value; margin: within which the two count as the same',
        'detectable: the true difference that the two-sided test finds with probability .8; can reproduce: the probability of `reproduced` (of `close` for a mean alone) when there is no difference at all',
      ],
      columns: [
        ...['paper', 'published for', 'evidence'].map(left),
        ...['pairs', 'half-width', 'margin', 'detectable', 'can reproduce'].map(right),
      ],
      rows: families.map((family) => {
        const { claim, judgement } = family.primary!
        const half = (judgement.interval!.high - judgement.interval!.low) / 2
        const share = (value: number): Value => ({
          text: `${Number(value.toPrecision(3))} (${percent(value, claim.value)})`,
          data: value,
        })
        return [
          text(family.paper),
          text(labelOf(family)),
          text(judgement.evidence!),
          { text: String(judgement.pairs), data: judgement.pairs ?? null },
          share(half),
          share(judgement.margin!),
          share(judgement.detectable!),
          { text: `${(100 * judgement.power!).toFixed(0)} %`, data: judgement.power ?? null },
        ]
      }),
      notes: [],
    },
  ]
}

function numberRow(
  { claim, ref, judgement, specificity, command }: JudgedNumber,
  called: string | undefined,
  commands: boolean,
): Value[] {
  const split = ref.split === 'mean' ? '' : `, ${ref.split}`
  return [
    text(claim.id),
    text(`${labelOf({ method: claim.method, called, dataset: claim.dataset || ref.dataset })}${split}`),
    text(ref.metric),
    { text: String(claim.value), data: claim.value },
    judgement.ours === undefined
      ? dash
      : {
          text: judgement.evidence === 'exact' ? formatPlain(judgement.ours) : formatMetric(judgement.ours),
          data: judgement.ours,
        },
    difference(judgement),
    plain(judgement.margin),
    plain(judgement.detectable),
    text(judgement.evidence ?? '–'),
    text(
      judgement.why && judgement.evidence === undefined ? `${judgement.verdict}: ${judgement.why}` : judgement.verdict,
    ),
    also(specificity, false),
    ...(commands ? [text(command)] : []),
  ]
}

/** Every number of a paper. */
export function numbersTable(paper: PaperVerdicts, commands: boolean): ReportTable[] {
  const rows = paper.families.flatMap(({ ours, called, numbers }) =>
    ours === undefined ? [] : numbers.map((number) => numberRow(number, called, commands)),
  )
  const references = paper.families.reduce(
    (sum, { ours, numbers: own }) => sum + (ours === undefined ? own.length : 0),
    0,
  )
  if (rows.length === 0) return []
  const columns = [
    ...['claim', 'published for', 'metric'].map(left),
    ...['paper', 'ours', 'difference [90 %]', 'margin', 'detectable'].map(right),
    ...['evidence', 'verdict', 'also'].map(left),
  ]
  return [
    {
      id: `claims/${paper.key}`,
      title: `Published numbers: ${paper.title}`,
      about: [paper.citation, `margin: ${paper.margin.because}`],
      columns: commands ? [...columns, left('command')] : columns,
      rows,
      notes:
        references > 0 ? [`${references} numbers of methods that are not ours stand beside ours as references`] : [],
    },
  ]
}
