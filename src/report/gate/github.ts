/** A gate on GitHub: annotations of a run, and the Markdown of a step summary or a comment. */

import type { GateResult, GateRow } from '../../core/gate.ts'
import { printable } from '../../core/printable.ts'
import { conclusionTable } from '../conclusion.ts'
import { markdown } from '../formats/markdown.ts'
import { concludeGate } from './conclusion.ts'
import { gateTables } from './table.ts'

/** Workflow commands end at a line break, their properties also at colons and commas. */
const data = (text: string): string => printable(text).replaceAll('%', '%25')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const levels = { regressed: 'error', inconclusive: 'warning', improved: 'notice' } as const

const annotation = ({ subject, metric, verdict, reason }: GateRow): string[] =>
  verdict === 'equivalent'
    ? []
    : [`::${levels[verdict]} title=${property(`${verdict}: ${subject}`)}::${data(`${metric}: ${reason}`)}`]

/** Lines for standard output of a step; GitHub shows ten of a kind. */
export const annotations = ({ rows, failures }: GateResult): string[] => [
  ...rows.flatMap(annotation),
  ...failures.map(({ subject, reason }) => `::error title=${property(`not measured: ${subject}`)}::${data(reason)}`),
]

/** A comment is found by its first line and written anew, instead of one more at every push. */
const marker = '<!-- rank-bench gate -->'

/** @param sentence the closing line of the gate */
export const comment = (result: GateResult, sentence: string): string =>
  `${marker}\n**${data(sentence).replaceAll('%25', '%')}**\n\n${markdown([conclusionTable(concludeGate(result)), ...gateTables(result)])}`
