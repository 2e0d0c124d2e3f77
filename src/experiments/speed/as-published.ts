/** How fast by the script that the authors of a peer published, theirs and ours, and what that changes of the ratio? */

import { scriptMetric } from '../../core/benchmark-script.ts'
import { isOurs } from '../../core/cell.ts'
import type { Experiment, Scope } from '../../core/experiment.ts'
import type { Measures } from '../../core/measure.ts'
import { agreementMeasures } from '../../probe/time-measures.ts'
import { besides, operatorCells, threads } from '../operator-cells.ts'
import { publishedTimes } from './script-times.ts'
import { publishedOf, scriptNames } from './scripts.ts'

const printed = (what: string) =>
  ({ unit: 'ns', better: 'lower', value: 'median', meaning: `what the script prints of ${what}` }) as const

const measures: Measures = {
  [scriptMetric('forward')]: printed('a forward pass'),
  [scriptMetric('backward')]: printed('a backward pass'),
  [scriptMetric('forward+backward')]: printed('a forward pass with the gradient of its loss'),
  [scriptMetric('step')]: printed('a step of training'),
}

/** Every cell that somebody whom the script times computes too, and next to it theirs. */
function plan(scope: Scope) {
  const { systems } = publishedOf(scope)
  return operatorCells(scope).flatMap((cell) => {
    const others = besides(scope, cell).filter((name) => systems.includes(name))
    return others.length === 0 ? [] : [cell, ...others.map((system) => ({ ...cell, system }))]
  })
}

export const asPublished: Experiment = {
  name: 'speed-as-published',
  version: 1,
  question: "How fast by a peer's own benchmark script, and what does that change of the ratio?",
  params: {
    protocol: {
      kind: 'choice',
      choices: [...scriptNames],
      default: scriptNames[0],
      meaning: 'whose benchmark script is repeated, on either side',
    },
    threads,
  },
  measures: { ...measures, ...agreementMeasures },
  takes: { operators: ['sort', 'rank', 'matrix', 'topk'], data: 'lists', systems: 'peers' },
  timed: true,
  freshPeers: true,
  usesEngine: isOurs,
  plan,
  run: async (cell, bench) => publishedTimes(cell, bench),
  report: async () => (await import('./as-published-report.ts')).reporter,
}
