/** What a plan of a gate is worth, before any machine is asked: rates of its verdicts on planted times. */

import type { GatePlan } from '../../core/gate.ts'
import { noises, simulateGates } from '../../judge/gate/simulate.ts'
import { limitText } from '../../report/gate/words.ts'
import { left, type ReportTable, right, text } from '../../report/table.ts'

/** How much the first number is slowed; by the limit itself, a pass is the error that the plan allows for. */
const slowdowns = (limit: number): readonly number[] => [0, limit, 0.05, 0.1, 0.2]

const percent = (share: number): { text: string; data: number } => ({
  text: `${(100 * share).toFixed(1)} %`,
  data: share,
})

interface RatesOptions {
  readonly gates: number
  readonly numbers: number
  readonly limit: number
}

export function ratesTable(plan: GatePlan, { gates, numbers, limit }: RatesOptions): ReportTable {
  const rows = Object.entries(noises).flatMap(([name, noise]) =>
    slowdowns(limit).map((slowdown) => {
      const planted = { noise, numbers, ratio: 1 + slowdown, limit }
      const { alarm, pass, inconclusive, rounds } = simulateGates(planted, plan, gates, `${name} ${slowdown}`)
      return [
        text(name),
        { text: limitText({ by: 'share', most: slowdown }), data: slowdown },
        percent(alarm),
        percent(pass),
        percent(inconclusive),
        { text: `${rounds}`, data: rounds },
      ]
    }),
  )
  return {
    id: 'gate/rates',
    title: 'What the decision rule does on planted times',
    about: [
      `${gates} gates each of ${numbers} numbers, limit ${limitText({ by: 'share', most: limit })}, up to ${plan.looks.at(-1)} rounds, ${plan.spending}; one number is slowed, the others are unchanged`,
      `planned: false alarms ${limitText({ by: 'share', most: plan.alarm })} at most where nothing is slowed; passes ${limitText({ by: 'share', most: plan.pass })} at most where it is slowed by the limit`,
    ],
    columns: [
      left('noise'),
      right('slowed by'),
      right('regressed'),
      right('passed'),
      right('inconclusive'),
      right('rounds, median'),
    ],
    rows,
    notes: [
      'quiet, noisy: 1 % and 4 % a process; drift: 0.4 % a process; autocorrelated: disturbances that last; bimodal: three processes in ten half as fast; outliers: one in twenty up to ten times as slow; heavy: tails without a variance',
    ],
  }
}
