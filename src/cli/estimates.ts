/** How long what is planned will take, by what lies on this machine. */

import type { RunCell } from '../core/result.ts'
import { readEnvironment } from '../measure/environment.ts'
import { version } from '../measure/version.ts'
import { operators } from '../registry.ts'
import { earlierVisits, visitsOfRun } from '../run/earlier.ts'
import { type Estimate, estimateTime, expectations } from '../run/estimate.ts'
import type { PlannedRun } from '../run/run.ts'
import type { MeasuringFlags } from './measuring-options.ts'

/** How long parts of a plan will take, by what is known on this machine. */
export function estimatesHere(
  { protocol }: PlannedRun,
  { out, jobs, costs }: Pick<MeasuringFlags, 'out' | 'jobs' | 'costs'>,
) {
  const { stable } = readEnvironment(version)
  const earlier = [...(costs === undefined ? [] : visitsOfRun(costs)), ...earlierVisits('runs', out, stable)]
  const expected = expectations(protocol, earlier, operators)
  return (cells: readonly RunCell[]): Estimate => estimateTime(cells, protocol, jobs, expected)
}
