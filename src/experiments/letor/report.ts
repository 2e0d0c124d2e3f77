/** The field of rankers, metrics a loss, who differs from whom, mean ranks, conventions; curves and fields as pictures. */

import type { Reporter } from '../../core/report.ts'
import { describeConvention } from '../../metrics/convention.ts'
import { ndcgConventions } from '../../metrics/presets.ts'
import { figures, present } from '../../report/sections.ts'
import { choiceTables } from './choices-table.ts'
import { conventionTables } from './conventions-table.ts'
import { contenders, standingTables } from './field.ts'
import { rankTable } from './mean-ranks.ts'
import { summaryTables } from './summary.ts'
import { letorTables } from './table.ts'

const conventionTexts = (): Map<string, string> =>
  new Map([...ndcgConventions].map(([name, convention]) => [name, describeConvention(convention)]))

export const reporter: Reporter = {
  sections: (run, { published, metrics, conventions }) => [
    ...present('summary', ...summaryTables(run)),
    ...present('main', ...letorTables(run, published, metrics), ...standingTables(run), rankTable(run)),
    ...present('main', ...choiceTables(run)),
    ...present('main', ...(conventions ? conventionTables(run, conventionTexts()) : [])),
    ...figures('main', async () => (await import('./figures.ts')).rankerFigures(run)),
  ],
  contenders,
}
