/** Who sorts best, by mean rank and length by length; what was chosen; pictures of accuracy, cost, learning and of sequences. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { rankTable } from './mean-ranks.ts'
import { choiceTables, contenders, fieldTables, summaryTable } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('summary', summaryTable(run)),
    ...present('main', ...fieldTables(run), rankTable(run)),
    ...present('detail', ...choiceTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).contestFigures(run)),
  ],
  contenders,
}
