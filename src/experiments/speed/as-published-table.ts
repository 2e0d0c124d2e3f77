/** Two protocols side by side: what a peer's own script says of theirs and ours, and what ours says of the same operator on the same data. */

import { type ScriptPass, scriptMetric } from '../../core/benchmark-script.ts'
import type { Cell } from '../../core/cell.ts'
import { formatRef } from '../../core/selector.ts'
import { significant } from '../../report/numbers.ts'
import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import { ratioValue, timingOf } from '../../report/values.ts'
import {
  absence,
  absenceNotes,
  datasetLabel,
  type Entry,
  entriesOf,
  groupBy,
  methodLabel,
  type RunData,
  warningNotes,
} from '../../results/view.ts'
import type { TimingEstimate } from '../../stats/timing-interval.ts'
import { type Pair, pairsOf } from '../pairs.ts'
import { metricRatio, type Pass, speedRatio, threadsOf, withheld } from './pairs.ts'
import { publishedOf, scriptOf } from './scripts.ts'

type Compared = Pair & { readonly theirs: Entry }

/** The pass of our protocol that has most in common with one of a script: a step is a forward and a backward pass and little else. */
const nearest: Readonly<Record<ScriptPass, Pass>> = {
  forward: 'forward',
  backward: 'backward',
  'forward+backward': 'both',
  step: 'both',
}

/** What two protocols measure one and the same of. */
const placeOf = ({ method, dataset, precision, seed, system, experiment }: Cell): string =>
  [formatRef(method), formatRef(dataset), precision, seed, system, threadsOf({ experiment })].join('\n')

const ratioOf = ({ theirs }: Compared, estimate: TimingEstimate | undefined): Value =>
  estimate
    ? ratioValue(estimate.value, { low: estimate.low, high: estimate.high, level: 0.95 })
    : { text: absence(theirs.result)?.word ?? withheld(theirs) ?? '–', data: null }

/** How many times the ratio of our protocol the one of the script is. */
function change(script: TimingEstimate | undefined, ours: TimingEstimate | undefined): Value {
  if (!script || !ours) return { text: '–', data: null }
  const value = script.value / ours.value
  return { text: `${significant(value)}x`, data: value, unit: 'x' }
}

function rowsOf(run: RunData, pair: Compared, honest: Compared | undefined): Value[][] {
  const { ours, theirs } = pair
  return scriptOf(ours.cell).passes.map((pass) => {
    const byScript = metricRatio(pair, scriptMetric(pass))
    const byOurs = honest && speedRatio(honest, nearest[pass])
    return [
      text(theirs.cell.system),
      text(methodLabel(run, ours.cell)),
      text(datasetLabel(run, ours.cell)),
      text(ours.cell.precision),
      text(pass),
      timingOf(ours.result, scriptMetric(pass)),
      timingOf(theirs.result, scriptMetric(pass)),
      ratioOf(pair, byScript),
      honest ? ratioOf(honest, byOurs) : { text: 'not measured', data: null },
      change(byScript, byOurs),
    ]
  })
}

function tableOf(
  run: RunData,
  name: string,
  pairs: readonly Compared[],
  honest: ReadonlyMap<string, Compared>,
): ReportTable {
  const { source, says, departs } = publishedOf(pairs[0].ours.cell)
  const entries = pairs.flatMap(({ ours, theirs }) => [ours, theirs])
  const threads = [...new Set(pairs.map(({ ours }) => threadsOf(ours.cell)))].join(', ')
  return {
    id: `speed-as-published/${name}`,
    title: `By the script of ${name}`,
    about: [
      `theirs: ${source}: ${says}`,
      `another thing here: ${departs}; threads: ${threads} on either side, where scripts take what there is`,
      'ours: fresh inputs every call, a random cotangent, warmed up, medians of rounds with intervals, numbers compared first; the same cells, in the same rounds',
      `theirs / ours above 1: ours is faster; change: the ratio of the script over that of our protocol; ${run.protocol.rounds} rounds, a process each`,
    ],
    columns: [
      left('peer'),
      left('operator'),
      left('data'),
      left('precision'),
      left('pass'),
      right('ours, script'),
      right('theirs, script'),
      right('theirs / ours, script'),
      right('theirs / ours, our protocol'),
      right('change'),
    ],
    rows: pairs.flatMap((pair) => rowsOf(run, pair, honest.get(placeOf(pair.theirs.cell)))),
    rowKeys: pairs.flatMap(({ ours, theirs }) => {
      const beside = honest.get(placeOf(theirs.cell))
      const keys = [ours, theirs, ...(beside ? [beside.ours, beside.theirs] : [])].map(({ key }) => key)
      return scriptOf(ours.cell).passes.map(() => keys)
    }),
    notes: [...absenceNotes(run, entries), ...warningNotes(run, entries)],
  }
}

const compared = (entries: readonly Entry[]): Compared[] =>
  pairsOf(entries).flatMap(({ ours, theirs }) => (theirs ? [{ ours, theirs }] : []))

/** One table a script. */
export function asPublishedTables(run: RunData): ReportTable[] {
  const honest = new Map(compared(entriesOf(run, 'speed')).map((pair) => [placeOf(pair.theirs.cell), pair]))
  const scripts = groupBy(entriesOf(run, 'speed-as-published'), ({ cell }) => String(cell.experiment.params.protocol))
  return [...scripts].flatMap(([name, entries]) => {
    const pairs = compared(entries)
    return pairs.length === 0 ? [] : [tableOf(run, name, pairs, honest)]
  })
}
