/** The agreement of metrics with the tools they are named for, as tables. */

import { usageError } from '../../core/errors.ts'
import { metricNames, needsNoConvention } from '../../metrics/names.ts'
import { presets } from '../../metrics/presets.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import type { AgreementAnswers } from './answers.ts'
import { type AgreementCell, agreementCells } from './cells.ts'
import { type Compared, compareCell, isOff, openings } from './compare.ts'
import { agreementLists } from './lists.ts'

interface Agreement {
  readonly answers: AgreementAnswers
  readonly lists: number
  readonly compared: readonly Compared[]
  /** Cells that no tool answered. */
  readonly unasked: readonly AgreementCell[]
}

/** Our values on the generated lists beside the answers. @throws RankBenchError(usage) for answers about other lists */
export function agreementOf(answers: AgreementAnswers): Agreement {
  const lists = agreementLists(answers.seed)
  const cells = agreementCells()
  const asked = cells.filter(({ name }) => answers.values[name])
  for (const { name } of asked) {
    if (answers.values[name].length === lists.length) continue
    throw usageError(
      `${name} has ${answers.values[name].length} answers for ${lists.length} lists`,
      'ask the tools again: node scripts/metrics-agreement.mjs',
    )
  }
  return {
    answers,
    lists: lists.length,
    compared: asked.map((cell) => compareCell(cell, lists, answers.values[cell.name])),
    unasked: cells.filter(({ name }) => !answers.values[name]),
  }
}

export const offCells = ({ compared }: Agreement): readonly Compared[] => compared.filter(isOff)

const figure = (value: number): Value => ({ text: value === 0 ? '0' : value.toExponential(1), data: value })
const count = (value: number): Value => ({ text: value === 0 ? '' : String(value), data: value })

function cellRow(each: Compared): Value[] {
  return [
    text(each.cell.name),
    text(each.cell.call),
    count(each.lists),
    figure(each.largest),
    figure(each.allowed),
    text(isOff(each) ? `off, ${each.worst || 'nothing compared'}` : 'same'),
    count(each.refused),
    count(each.onlyHere),
    count(each.onlyThere),
    count(each.open),
  ]
}

/** What a preset has of each metric: its cutoffs, or why not. */
function coverageRows(): Value[][] {
  return [...presets].map(([name, { measures, notes }]) => [
    text(name),
    ...metricNames
      .filter((metric) => !needsNoConvention.has(metric))
      .map((metric) => text(measures[metric] ? 'yes' : notes?.[metric] ? 'other' : 'no')),
  ])
}

export function agreementTables(agreement: Agreement): ReportTable[] {
  const { answers, compared, unasked, lists } = agreement
  const off = offCells(agreement)
  return [
    {
      id: 'tools',
      title: `${compared.length} cells of ${answers.tools.length} tools on ${lists} lists: ${off.length === 0 ? 'none off' : `${off.length} off`}`,
      about: [`seed ${answers.seed}: ${answers.command}`],
      columns: [left('preset'), left('tool')],
      rows: answers.tools.map((each) => [
        text(each.preset),
        text('tool' in each ? each.tool : `not asked: ${each.missing}`),
      ]),
      notes: unasked.length === 0 ? [] : [`${unasked.length} cells were not asked: their tools are missing`],
    },
    {
      id: 'agreement',
      title: 'Each metric, each tool, each cutoff',
      about: [
        'lists: with a value on both sides; difference: the largest, relative where the value is above 1; allowed: of the precision the tool computes in',
        'refused: on both sides; refused here: the tool has a value, which misreads the labels or raises 2 to a fraction; refused there: the tool has none',
        ...openings.map(({ why }) => `open: ${why}`),
      ],
      columns: [
        left('metric'),
        left('tool'),
        right('lists'),
        right('difference'),
        right('allowed'),
        left('verdict'),
        right('refused'),
        right('refused here'),
        right('refused there'),
        right('open'),
      ],
      rows: compared.map(cellRow),
      notes: [],
    },
    {
      id: 'coverage',
      title: 'What a tool has',
      about: ['no: the name is refused under the preset; other: the tool has something else under that name'],
      columns: [
        left('preset'),
        ...metricNames.filter((metric) => !needsNoConvention.has(metric)).map((metric) => left(metric)),
      ],
      rows: coverageRows(),
      notes: [...presets].flatMap(([name, { notes }]) =>
        Object.entries(notes ?? {}).map(([metric, note]) => `${metric}, ${name}: ${note}`),
      ),
    },
  ]
}
