/** One row a data set, a column an operator; what each adds as a picture. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { labelRankingTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('main', ...labelRankingTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).labelRankingFigures(run)),
  ],
}
