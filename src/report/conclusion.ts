/** What a run came to, in five lines: the first thing of a report, and the last that a terminal shows. */

import { isOurs } from '../core/cell.ts'
import type { Family, Verdict } from '../core/claim.ts'
import { withoutOperator } from '../core/method-ref.ts'
import { datasetLabel, type Entry, groupBy, methodLabel, observation, type RunData } from '../results/view.ts'
import { absences } from './absences.ts'
import { formatTime } from './numbers.ts'
import { left, type ReportTable, text } from './table.ts'
import { countsOf, familyVerdict, type PaperVerdicts } from './verdicts.ts'
import { wrap } from './wrap.ts'

export interface ConclusionLine {
  readonly topic: string
  readonly text: string
}

const both = 'time.forward+backward'

interface Timed {
  readonly name: string
  readonly ns: number
}

const timeOf = (entry: Entry): number | undefined => observation(entry.result, both)?.value

/** Ours that were timed on the data with most methods: times of two sizes say nothing about each other. */
function widestField(run: RunData): readonly Entry[] {
  const timed = run.entries.filter((entry) => isOurs(entry.cell) && timeOf(entry) !== undefined)
  const fields = groupBy(timed, ({ cell, machine }) =>
    JSON.stringify([cell.experiment, cell.dataset, cell.precision, cell.seed, cell.split, machine]),
  )
  return [...fields.values()].reduce<readonly Entry[]>((most, next) => (next.length > most.length ? next : most), [])
}

/** `rank: permutahedron 1.28 µs, slowest sigmoid 6.65 µs`: a sort and a loss do not compete. */
function extremes(operator: string, entries: readonly Timed[]): string {
  const [first, ...rest] = [...entries].sort((a, b) => a.ns - b.ns)
  const shown = ({ name, ns }: Timed) => `${withoutOperator(name)} ${formatTime(ns)}`
  const last = rest.at(-1)
  return `${operator} ${shown(first)}${last ? `, slowest ${shown(last)}` : ''}`
}

const isPlain = ({ result }: Entry): boolean => result.status === 'measured' && result.computedBy === 'reference'

function speed(run: RunData): string {
  const field = widestField(run)
  if (field.length === 0) return 'nothing was timed'
  const byOperator = groupBy(field, ({ cell }) => cell.method.operator)
  const told = [...byOperator].map(([operator, entries]) =>
    extremes(
      operator,
      entries.map((entry) => ({ name: methodLabel(run, entry.cell), ns: timeOf(entry)! })),
    ),
  )
  const { cell, machine } = field[0]
  const on = machine !== undefined && (run.machines?.length ?? 0) > 1 ? `, machine ${machine}` : ''
  const by = (field.every(isPlain) ? ', plain TypeScript' : '') + on
  return `${told.join('; ')} (forward + backward, ${datasetLabel(run, cell)}, ${cell.precision}${by})`
}

/** Verdicts of families that something of ours was compared for. */
const unjudged: readonly Verdict[] = ['not run', 'not valid', 'recalled', 'read off a plot', 'reference']
const good: readonly Verdict[] = ['holds', 'reproduced']

function published(papers: readonly PaperVerdicts[]): string {
  const families: readonly Family[] = papers.flatMap((paper) => paper.families.filter(({ ours }) => ours !== undefined))
  if (families.length === 0) return 'no published number was judged'
  const verdicts = families.map(familyVerdict)
  const judged = verdicts.filter((verdict) => !unjudged.includes(verdict))
  const reproduced = judged.filter((verdict) => good.includes(verdict)).length
  return `${reproduced} of ${judged.length} families that were judged (${countsOf(verdicts)})`
}

/** Every reason, each with the one thing that gets the numbers. */
function missing(run: RunData): string {
  const all = absences(run)
  if (all.length === 0) return 'nothing: every cell of the plan'
  return all
    .map(
      ({ word, reason, remedy, entries }) =>
        `${entries.length} ${word === 'timeout' ? 'timed out' : word}: ${reason} -> ${remedy}`,
    )
    .join('. ')
}

const files = ({ directory }: RunData): string =>
  `${directory}; every table: rank-bench report ${directory}, as a page: the same with --format html -o report.html`

/**
 * Always these five, also where there is nothing to say: a line that is missing would leave open whether anybody looked.
 * @param papers whose numbers were judged in this run
 * @param contenders what experiments say of who may be the best
 */
export const conclude = (
  run: RunData,
  papers: readonly PaperVerdicts[],
  contenders: readonly string[] = [],
): ConclusionLine[] => [
  { topic: 'fastest', text: speed(run) },
  { topic: 'not told apart from the best', text: contenders.join('. ') || 'no two rankers were compared' },
  { topic: 'reproduced', text: published(papers) },
  { topic: 'not measured', text: missing(run) },
  { topic: 'files', text: files(run) },
]

/** As the first table of a report. */
export const conclusionTable = (lines: readonly ConclusionLine[]): ReportTable => ({
  id: 'conclusion',
  title: 'Conclusion',
  about: [],
  columns: [left('of'), left('what')],
  rows: lines.map(({ topic, text: what }) => [text(topic), text(what)]),
  notes: [],
})

const indent = '    '

/** As the last lines of a terminal. */
export const conclusionText = (lines: readonly ConclusionLine[], width = Number.POSITIVE_INFINITY): string =>
  lines
    .flatMap(({ topic, text: what }) =>
      wrap(`${topic}: ${what}`, width - indent.length).map((line, i) => (i === 0 ? line : indent + line)),
    )
    .join('\n')
